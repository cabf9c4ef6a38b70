"""The pages of an import, as a person without scripts walks through them."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from matchmaker.core import clock
from matchmaker.posts.imports import jobs
from tests.accounts.pages import heading
from tests.core.office_files import EXECUTABLE, workbook
from tests.posts.file_world import (
    World,
    make_world,
    need_rows,
    need_workbook,
    send,
    upload,
)

NEW = "/needs/imports/new"


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """People and an organisation."""
    world = make_world(app)
    with app.app_context():
        yield world


def checked(world: World, client: FlaskClient, content: bytes, name: str = "竹の表.xlsx") -> str:
    """Upload a file; gives the address of the import."""
    organization = str(world.organization_id)
    answer = upload(client, NEW, name, content, organization_id=organization)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_from_the_file_to_the_drafts_and_back(world: World) -> None:
    client = world.client("editor")
    address = checked(world, client, need_workbook(3))
    preview = client.get(address)
    assert heading(preview) == "取り込む内容を確かめる"
    assert "竹の使い道2" in preview.text
    assert send(client, f"{address}/start", from_page=address, mode="all").status_code == 302
    running = client.get(address)
    assert heading(running) == "取り込んでいます"
    assert f'data-progress-url="{address}/progress"' in running.text
    before = client.get(f"{address}/progress").get_json()
    assert (before["state"], before["done"], before["total"]) == ("running", 0, 3)
    jobs.run_due_imports(clock.now())
    after = client.get(f"{address}/progress").get_json()
    assert (after["state"], after["done"], after["url"]) == ("finished", 3, address)
    result = client.get(address)
    assert heading(result) == "取り込みが終わりました"
    assert len(set(re.findall(r'href="(/needs/[0-9a-f-]{36})"', result.text))) == 3
    assert send(client, f"{address}/undo", from_page=address).status_code == 302
    assert heading(client.get(address)) == "取り込みを取り消しています"
    jobs.run_due_imports(clock.now())
    assert heading(client.get(address)) == "取り込みを取り消しました"
    assert "取り消し済み" in client.get(NEW).text


def test_every_faulty_cell_is_named_and_the_report_can_be_fetched(world: World) -> None:
    client = world.client("editor")
    rows = need_rows(3)
    rows[2][3], rows[3][0] = "たくさん", None
    address = checked(world, client, workbook(rows))
    page = client.get(address).text
    for words in (
        "3行目",
        "量（下限）",
        "たくさん",
        "数字で入れてください",
        "件名を入れてください",
    ):
        assert words in page
    refused = send(client, f"{address}/start", from_page=address, mode="all")
    assert refused.status_code == 422
    assert "誤りのある行が2行" in refused.text
    report = client.get(f"{address}/errors")
    assert "filename*=UTF-8''" in report.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(report.data)).sheetnames == ["直す行", "誤りの一覧"]
    assert send(client, f"{address}/start", from_page=address, mode="good").status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("表.xlsx", EXECUTABLE, "「表.xlsx」は、名前と中身が合いません"),
        ("表.xls", b"x", "「表.xls」は、受け取れない種類"),
        ("表.csv", b"", "「表.csv」は、中身が空です"),
        ("表.csv", b"\xef\xbb\xbf", "「表.csv」は、中身が空です"),
        ("表.csv", b"a,b\n1,2\n", "項目名の行"),
    ],
)
def test_a_bad_file_is_told_at_its_field(
    world: World, name: str, content: bytes, message: str
) -> None:
    client = world.client("editor")
    organization = str(world.organization_id)
    answer = upload(client, NEW, name, content, organization_id=organization)
    assert answer.status_code == 422
    assert message in answer.text


def test_a_file_and_an_organisation_are_needed(world: World) -> None:
    client = world.client("secretariat")
    nothing = send(client, NEW)
    assert nothing.status_code == 422
    assert "団体を選んでください" in nothing.text
    foreign = upload(
        world.client("editor"), NEW, "a.xlsx", need_workbook(1), organization_id=str(world.other_id)
    )
    assert foreign.status_code == 422
    no_file = send(client, NEW, organization_id=str(world.organization_id))
    assert "ファイルを選んでください" in no_file.text


def test_the_secretariat_imports_for_any_organisation(world: World) -> None:
    address = checked(world, world.client("secretariat"), need_workbook(1))
    assert world.client("editor").get(address).status_code == 200


def test_others_do_not_find_the_import(world: World) -> None:
    address = checked(world, world.client("editor"), need_workbook(1))
    stranger = world.client("stranger")
    for path in (address, f"{address}/errors", f"{address}/progress"):
        assert stranger.get(path).status_code == 404
    assert send(stranger, f"{address}/start", from_page=NEW, mode="all").status_code == 404
    offering_path = address.replace("/needs/", "/offerings/")
    assert world.client("editor").get(offering_path).status_code == 404
    assert world.client("editor").get(f"/needs/imports/{uuid.uuid4()}").status_code == 404


def test_a_checked_import_can_be_given_up(world: World) -> None:
    client = world.client("editor")
    address = checked(world, client, need_workbook(1))
    assert send(client, f"{address}/deletions", from_page=address).status_code == 302
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["needs", "offerings"])
def test_templates_are_downloads(world: World, kind: str) -> None:
    client = world.client("editor")
    book = load_workbook(io.BytesIO(client.get(f"/{kind}/imports/template").data))
    assert book.sheetnames == ["記入", "説明", "選べる言葉"]
    text = client.get(f"/{kind}/imports/template?format=csv").data
    assert text.startswith(b"\xef\xbb\xbf")
