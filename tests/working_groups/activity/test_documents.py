"""Documents: who sees which and when, versions, hostile files, removal."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict
from matchmaker.working_groups.groups.activity import queries
from matchmaker.working_groups.groups.activity.documents import (
    Upload,
    add_document,
    documents_of,
    remove_document,
    replace_document,
)
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.queries import standing_of
from tests.accounts.pages import Visitor, target
from tests.core.office_files import EXECUTABLE, pdf, workbook
from tests.working_groups.activity.conftest import Cast

EVERYBODY = {"visitor", "outsider", "stranger", "observer", "member", "chair", "secretariat"}
RUNNERS = {"chair", "secretariat"}
BY_VISIBILITY = {
    Visibility.PUBLIC: EVERYBODY,
    Visibility.MEMBERS: EVERYBODY - {"visitor", "outsider"},
    Visibility.GROUP: {"observer", "member", "chair", "secretariat"},
}


def add(
    cast: Cast, visibility: Visibility = Visibility.PUBLIC, days: int = 0, *, removed: bool = False
) -> uuid.UUID:
    with cast.app.app_context():
        now = clock.now()
        moment = now + timedelta(days=days) if days else None
        upload = Upload("案.txt", "最初の案".encode())
        made = add_document(
            cast.group(),
            f"案{visibility}{days}",
            upload,
            visibility,
            SYSTEM,
            now,
            publish_at=moment,
        )
        if removed:
            remove_document(made, "古い", SYSTEM, now)
        document_id = made.id
        db.session.commit()
    return document_id


def send_file(
    browser: Visitor, path: str, name: str, content: bytes, **fields: str
) -> TestResponse:
    return browser.send(path, file=(io.BytesIO(content), name), **fields)


def test_each_document_is_seen_by_those_it_is_for(cast: Cast) -> None:
    cases: list[tuple[uuid.UUID, set[str]]] = []
    for visibility, readers in BY_VISIBILITY.items():
        cases.append((add(cast, visibility), readers))
        cases.append((add(cast, visibility, days=1), RUNNERS))
        cases.append((add(cast, visibility, removed=True), RUNNERS))
    for who in sorted(EVERYBODY):
        browser = cast.browser(who)
        listed = browser.open(cast.path("/documents")).text
        for document_id, readers in cases:
            path = cast.path(f"/documents/{document_id}")
            refused = 302 if who == "visitor" else 404
            for address in (path, f"{path}/versions/1"):
                status = browser.client.get(address).status_code
                assert status == (200 if who in readers else refused), (who, address)
            if who not in readers:
                assert str(document_id) not in listed


def test_a_document_comes_out_at_its_moment(cast: Cast) -> None:
    document_id = add(cast, days=1)
    with cast.app.app_context():
        now, actor = clock.now(), cast.actor("member")
        standing = standing_of(actor, cast.group_id, clock.today(now))
        moment = queries.document_of(cast.group_id, document_id).publish_at
        assert moment is not None
        just_before = moment - timedelta(microseconds=1)
        assert documents_of(cast.group_id, actor, standing, just_before) == []
        seen = documents_of(cast.group_id, actor, standing, moment)
        assert [each.id for each in seen] == [document_id]


def test_an_earlier_version_stays_readable(cast: Cast) -> None:
    document_id = add(cast)
    path = cast.path(f"/documents/{document_id}")
    member = cast.browser("member")
    replaced = send_file(
        member, f"{path}/versions/new", "新しい案.txt", "直した案です".encode(),
        note="3ページを直しました", revision="1",
    )  # fmt: skip
    assert target(replaced) == path
    page = member.open(path)
    assert "第2版" in page.text
    assert "3ページを直しました" in page.text
    old, new = (member.client.get(f"{path}/versions/{number}") for number in (1, 2))
    assert (old.data.decode(), new.data.decode()) == ("最初の案", "直した案です")
    assert new.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in new.headers["Content-Security-Policy"]
    assert member.client.get(f"{path}/versions/3").status_code == 404


def test_two_people_who_replace_at_once_do_not_hide_each_others_file(cast: Cast) -> None:
    document_id = add(cast)
    path = cast.path(f"/documents/{document_id}/versions/new")
    first = send_file(
        cast.browser("member"), path, "甲.txt", "甲".encode(), note="甲", revision="1"
    )
    late = send_file(cast.browser("chair"), path, "乙.txt", "乙".encode(), note="乙", revision="1")
    assert (first.status_code, late.status_code) == (302, 409)
    assert "先に差し替えました" in late.text
    with cast.app.app_context():
        versions = queries.document_of(cast.group_id, document_id).versions
        assert [version.file.name for version in versions] == ["案.txt", "甲.txt"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("計画.exe", EXECUTABLE, "受け取れない種類"),
        ("計画.pdf", EXECUTABLE, "名前と中身が合いません"),
        ("表.xlsm", workbook([["竹"]]), "マクロ"),
        ("ページ.txt", b"<html><script>alert(1)</script>", "Webページ"),
        ("動く.pdf", pdf(b"/JavaScript (app.alert(1))"), "動くしかけ"),
        ("空.txt", b"", "空です"),
        ("大きい.txt", b"a" * (15 * 1024 * 1024 + 1), "大きすぎます"),
    ],
)
def test_hostile_and_huge_files_are_refused_by_name(
    cast: Cast, name: str, content: bytes, message: str
) -> None:
    fields = {"title": "計画", "visibility": "members"}
    page = send_file(cast.browser("member"), cast.path("/documents/new"), name, content, **fields)
    assert page.status_code == 422
    assert message in page.text
    assert "計画" in page.text
    with cast.app.app_context():
        actor = cast.actor("chair")
        standing = standing_of(actor, cast.group_id, clock.today(clock.now()))
        assert documents_of(cast.group_id, actor, standing, clock.now()) == []


def test_a_file_name_cannot_lead_elsewhere(cast: Cast) -> None:
    made = send_file(
        cast.browser("member"), cast.path("/documents/new"), "../../etc/案\u202e.txt", b"memo",
        visibility="public",
    )  # fmt: skip
    answer = cast.browser("visitor").client.get(f"{target(made)}/versions/1")
    assert "etc" not in answer.headers["Content-Disposition"]
    assert "%E6%A1%88.txt" in answer.headers["Content-Disposition"]


def test_a_moment_without_a_time_is_told(cast: Cast) -> None:
    fields = {
        "visibility": "public",
        "publish_at-year": "令和9",
        "publish_at-month": "4",
        "publish_at-day": "1",
        "publish_at-time": "",
    }
    page = send_file(
        cast.browser("chair"), cast.path("/documents/new"), "案.txt", b"memo", **fields
    )
    assert page.status_code == 422
    assert "時刻を" in page.text
    fields["publish_at-time"] = "9時"
    made = send_file(
        cast.browser("chair"), cast.path("/documents/new"), "案.txt", b"memo", **fields
    )
    assert (
        "2027年4月1日（令和9年）9:00に公開します" in cast.browser("chair").open(target(made)).text
    )


def test_what_was_removed_can_be_restored(cast: Cast) -> None:
    document_id = add(cast)
    path = cast.path(f"/documents/{document_id}")
    chair = cast.browser("chair")
    assert chair.send(f"{path}/removals/new", reason="").status_code == 422
    assert chair.send(f"{path}/removals/new", reason="誤った数字").status_code == 302
    assert chair.send(f"{path}/removals/new", reason="もう一度").status_code == 409
    assert cast.browser("member").client.get(path).status_code == 404
    assert "誤った数字" in chair.open(path).text
    assert str(document_id) in chair.open(cast.path("/documents?show=removed")).text
    assert chair.send(f"{path}/restorations", from_page=path).status_code == 302
    assert cast.browser("member").client.get(path).status_code == 200


def test_a_removed_document_is_not_replaced(cast: Cast) -> None:
    document_id = add(cast, removed=True)
    with cast.app.app_context(), pytest.raises(Conflict):
        document = queries.document_of(cast.group_id, document_id)
        replace_document(document, Upload("案.txt", b"memo"), "新", SYSTEM, clock.now())


def test_a_document_of_another_group_is_not_found(cast: Cast) -> None:
    document_id = add(cast)
    other = uuid.UUID(int=7)
    page = cast.browser("secretariat").client.get(
        f"/working-groups/{other}/documents/{document_id}"
    )
    assert page.status_code == 404
