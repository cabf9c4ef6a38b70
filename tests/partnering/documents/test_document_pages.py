"""The pages of documents: taking them along, bringing the workbook back, deciding."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchmaker.core.db import db
from matchmaker.partnering.consortia.documents.domain import MOST_WAITING, PackState
from matchmaker.partnering.consortia.documents.models import ReturnedPack
from tests.core.office_files import workbook as plain_workbook
from tests.partnering.consortium_site import Site
from tests.partnering.documents.test_approval_pdf import pages
from tests.partnering.documents.test_packs import edited, pack, put, put_partner
from tests.posts.file_world import send

APPROVAL: dict[str, Any] = {
    "organization_name": "青空町", "department": "町民課", "drafter": "梅野",
    "drafted_on-year": "令和8", "drafted_on-month": "11", "drafted_on-day": "22",
    "boxes": ["係長", "課長"],
    "other_boxes": "町長", "subject": "参加について", "request": "伺います。",
    "costs": "委託料 1,200千円",
    "attachments": "位置図\n見積書",
}  # fmt: skip


def documents(site: Site) -> str:
    """Address of the documents."""
    return f"{site.base}/documents"


def waiting(site: Site) -> ReturnedPack:
    """The newest workbook that came back."""
    db.session.expire_all()
    return db.session.scalars(select(ReturnedPack).order_by(ReturnedPack.id.desc())).first()  # type: ignore[return-value]


def bring_back(site: Site, *edits: object, name: str = "直した.xlsx") -> ReturnedPack:
    """Bring an edited workbook back as the town's officer."""
    client = site.world.client("editor")
    answer = upload_pack(site, client, name, pack(site, *edits))  # type: ignore[arg-type]
    assert answer.status_code == 302, answer.text
    return waiting(site)


def upload_pack(site: Site, client: FlaskClient, name: str, content: bytes) -> TestResponse:
    """Send a file as a browser does."""
    page = client.get(documents(site))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token
    data = {"csrf_token": token[1], "file": (io.BytesIO(content), name)}
    return client.post(f"{documents(site)}/packs", data=data, content_type="multipart/form-data")


def test_what_was_filled_in_is_kept_and_printed(site: Site) -> None:
    client = site.world.client("editor")
    answer = send(client, f"{documents(site)}/approval/edit", **APPROVAL)
    assert answer.location.endswith("/documents/approval")
    answer = client.get(f"{documents(site)}/approval")
    assert answer.mimetype == "application/pdf"
    text = "".join(pages(answer.data))
    for words in ("町長課長係長", "参加について", "1,200千円", "（2）見積書", "隣町の農家の会",
                  "放置された竹", "令和8年4月1日から令和9年3月31日まで",
                  "100～300t/年"):  # fmt: skip
        assert words in text
    assert client.get(f"{documents(site)}/approval").data == answer.data
    page = client.get(f"{documents(site)}/approval/edit")
    assert 'value="町長"' in page.text
    assert 'value="2026"' in page.text
    assert "起案書（PDF）を受け取る" in client.get(documents(site)).text


@pytest.mark.parametrize(
    "below", ["documents", "documents/approval/edit", "support-programmes", "pilots/new"]
)
def test_the_way_back_leads_over_all_consortia(site: Site, below: str) -> None:
    page = site.world.client("editor").get(f"{site.base}/{below}").text
    way = page[page.index('class="breadcrumb"') : page.index("<main")]
    assert re.findall(r'href="([^"]+)"', way)[:3] == ["/", "/consortia", site.base]


def test_without_anything_filled_in_the_usual_document_comes(site: Site) -> None:
    client = site.world.client("stranger")
    text = "".join(pages(client.get(f"{documents(site)}/approval").data))
    assert "緑山工業" in text
    assert "部長課長課長補佐係長起案者" in text


def test_faulty_fields_are_told_at_their_place_and_nothing_is_lost(site: Site) -> None:
    client = site.world.client("editor")
    wrong = {"subject": "", "drafted_on-day": "40", "other_boxes": "環境エネルギー推進課長"}
    answer = send(client, f"{documents(site)}/approval/edit", **{**APPROVAL, **wrong})
    assert answer.status_code == 422
    for words in ("件名を入れてください", "実在する日付", "長すぎます", "位置図"):
        assert words in answer.text


def test_characters_that_cannot_be_printed_are_told_before(site: Site) -> None:
    site.change(aim="竹🎋を使います。")
    page = site.world.client("editor").get(f"{documents(site)}/approval/edit")
    assert "〓" in page.text
    assert "🎋" in page.text


def test_a_workbook_is_merged_as_a_new_version(site: Site) -> None:
    returned = bring_back(site, put("tonnes_min", 120), put_partner(site.firm_row, 4, "製品づくり"))
    client = site.world.client("editor")
    address = f"{documents(site)}/packs/{returned.id}"
    page = client.get(address)
    for words in ("内容!C9", "100 t/年", "120 t/年", "参加団体!D3", "製品づくり"):
        assert words in page.text
    assert site.consortium.revision == 1  # nothing is merged yet
    answer = send(client, f"{address}/merges", from_page=address, present_number="1")
    assert answer.status_code == 302, answer.text
    db.session.expire_all()
    assert site.consortium.content["tonnes_min"] == "120"
    firm = next(each for each in site.consortium.partners if each.id == site.firm_row)
    assert firm.roles == ["manufacturer"]
    assert (waiting(site).state, waiting(site).merged_number) == (PackState.MERGED, 2)
    again = client.post(f"{address}/merges", data={"csrf_token": token(client, site)})
    assert again.status_code == 409


def token(client: FlaskClient, site: Site) -> str:
    """A form's token."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(documents(site)).text)
    assert found
    return found[1]


def test_roles_are_not_changed_by_others_than_the_lead(site: Site) -> None:
    client = site.world.client("stranger")
    answer = upload_pack(
        site, client, "役割.xlsx", pack(site, put_partner(site.firm_row, 4, "製品づくり"))
    )
    assert answer.status_code == 422
    assert "役割を変えられるのは、代表の団体です" in answer.text


def test_a_conflict_waits_for_a_choice_and_both_sides_are_shown(site: Site) -> None:
    old = pack(site, put("tonnes_min", 120))
    site.change(tonnes_min="150", tonnes_max="400")
    client = site.world.client("editor")
    assert upload_pack(site, client, "古い.xlsx", old).status_code == 302
    address = f"{documents(site)}/packs/{waiting(site).id}"
    page = client.get(address)
    assert "第1版から書き出したExcelです。いまは第2版です" in page.text
    answer = send(client, f"{address}/merges", from_page=address, present_number="2")
    assert answer.status_code == 422
    assert "どちらにするか選んでください" in answer.text
    fields = {"present_number": "2", "choice-tonnes_min": "pack"}
    assert send(client, f"{address}/merges", from_page=address, **fields).status_code == 302
    db.session.expire_all()
    assert site.consortium.content["tonnes_min"] == "120"
    assert site.consortium.content["tonnes_max"] == "400"  # changed meanwhile, and kept


def test_what_changed_while_the_person_compared_is_told(site: Site) -> None:
    returned = bring_back(site, put("tonnes_min", 120))
    client = site.world.client("editor")
    address = f"{documents(site)}/packs/{returned.id}"
    page_token = token(client, site)
    site.change(risks="台風")
    answer = client.post(
        f"{address}/merges", data={"csrf_token": page_token, "present_number": "1"}
    )
    assert answer.status_code == 409
    assert "新しくなりました" in answer.text
    assert 'name="present_number" type="hidden" value="2"' in answer.text


def test_faulty_cells_are_left_only_when_the_person_says_so(site: Site) -> None:
    returned = bring_back(site, put("tonnes_min", -1), put("risks", "台風"))
    client = site.world.client("editor")
    address = f"{documents(site)}/packs/{returned.id}"
    assert "0以上の数" in client.get(address).text
    answer = send(client, f"{address}/merges", from_page=address, present_number="1")
    assert answer.status_code == 422
    fields = {"present_number": "1", "leave_faults": "y"}
    assert send(client, f"{address}/merges", from_page=address, **fields).status_code == 302
    db.session.expire_all()
    assert site.consortium.content["risks"] == "台風"
    assert site.consortium.content["tonnes_min"] == "100"


def test_a_merged_range_that_contradicts_itself_is_refused(site: Site) -> None:
    old = pack(site, put("tonnes_min", 250))
    site.change(tonnes_max="200")
    client = site.world.client("editor")
    assert upload_pack(site, client, "古い.xlsx", old).status_code == 302
    address = f"{documents(site)}/packs/{waiting(site).id}"
    answer = send(client, f"{address}/merges", from_page=address, present_number="2")
    assert answer.status_code == 422
    assert "上限は、下限より大きい数" in answer.text
    db.session.expire_all()
    assert site.consortium.revision == 2


def test_a_workbook_can_be_put_aside_and_its_file_is_there_until_then(site: Site) -> None:
    returned = bring_back(site, put("tonnes_min", 120))
    client = site.world.client("editor")
    address = f"{documents(site)}/packs/{returned.id}"
    assert client.get(f"{address}/file").data[:2] == b"PK"
    assert send(client, f"{address}/deletions", from_page=address).status_code == 302
    assert client.get(f"{address}/file").status_code == 404
    assert waiting(site).state is PackState.DISCARDED
    assert "取り込まない" in client.get(address).text


def test_not_more_than_a_few_wait(site: Site) -> None:
    for number in range(MOST_WAITING):
        bring_back(site, put("tonnes_min", 120 + number))
    answer = upload_pack(
        site, site.world.client("editor"), "もう1つ.xlsx", pack(site, put("tonnes_min", 200))
    )
    assert answer.status_code == 422
    assert "先に取り込むか" in answer.text


def zip_bomb() -> bytes:
    """A workbook whose sheet unpacks to far more than any."""
    target = io.BytesIO(plain_workbook([["a"]]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<row>" + b"0" * 130_000_000)
    return target.getvalue()


def with_macros() -> bytes:
    """A workbook that holds a macro project."""
    target = io.BytesIO(plain_workbook([["a"]]))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsm", b"PK", "マクロ"),
        ("a.xlsx", b"a,b\n1,2\n", "名前と中身が合いません"),
        ("a.csv", b"a,b\n1,2\n", "受け取れない種類"),
        ("a.xlsx", b"", "中身が空"),
        ("a.xlsx", b"0" * 20_000_000, "大きすぎます"),
        ("a.xlsx", with_macros, "マクロ"),
        ("a.xlsx", zip_bomb, ""),
        ("a.xlsx", lambda: plain_workbook([["名前"], ["竹"]]), "書き出したExcelではありません"),
    ],
)  # fmt: skip
def test_other_files_are_refused_each_with_its_reason(
    site: Site, name: str, content: object, message: str
) -> None:
    given: bytes = content() if callable(content) else content  # type: ignore[assignment]
    answer = upload_pack(site, site.world.client("editor"), name, given)
    assert answer.status_code == 422
    assert message in answer.text
    assert waiting(site) is None


def test_an_unchanged_workbook_is_told_to_bring_nothing(site: Site) -> None:
    answer = upload_pack(site, site.world.client("editor"), "そのまま.xlsx", pack(site))
    assert "変わったところがありません" in answer.text


def test_the_downloaded_workbook_can_be_brought_back(site: Site) -> None:
    client = site.world.client("editor")
    answer = client.get(f"{documents(site)}/pack")
    changed = edited(answer.data, put("risks", "雪"))
    assert upload_pack(site, client, "戻し.xlsx", changed).status_code == 302
