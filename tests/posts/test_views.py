"""Pages of posts over HTTP: writing, keeping, changing, moving, finding."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.notifications.models import OutboxMessage
from matchmaker.offerings.models import Offering
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.models import Organization
from matchmaker.posts import jobs, queries, service
from matchmaker.posts.domain import PostState
from matchmaker.posts.models import PostVersion, WorkingCopy
from tests.posts.file_world import World, make_world, published, send

TYPED = {
    "title": "放置竹林の竹を使いたい",
    "problem": "山ぎわの竹が増えて困っています。",
    "visibility": "public",
}


@pytest.fixture
def world(app: Flask) -> World:
    """Two organisations and the secretariat."""
    return make_world(app)


@pytest.fixture
def editor(world: World) -> FlaskClient:
    """A browser of the first organisation's editor."""
    return world.client("editor")


def post_need(client: FlaskClient, **fields: Any) -> TestResponse:
    return send(client, "/needs/new", **{**TYPED, **fields})


def only_need(world: World) -> Any:
    with world.app.app_context():
        return queries.get(NEED, db.session.scalars(select(Need.id)).one())


def test_a_need_with_title_and_problem_is_handed_in(world: World, editor: FlaskClient) -> None:
    answer = post_need(editor, action="submit")
    assert answer.status_code == 302
    need = only_need(world)
    assert need.state is PostState.SUBMITTED
    assert need.organization_id == world.organization_id
    assert need.valid_until is not None, "a year unless said otherwise"
    assert "掲載を申し込みました" in editor.get(answer.location).text


def test_a_draft_needs_only_a_title(world: World, editor: FlaskClient) -> None:
    assert post_need(editor, problem="", action="save").status_code == 302
    assert only_need(world).state is PostState.DRAFT


def test_what_is_wrong_is_told_at_its_place_and_nothing_typed_is_lost(
    world: World, editor: FlaskClient
) -> None:
    answer = post_need(
        editor, problem="", quantity_min="たくさん", background="長い経緯", action="submit",
        **{"valid_until-year": "令和8", "valid_until-month": "2", "valid_until-day": "30"},
    )  # fmt: skip
    assert answer.status_code == 422
    text = answer.text
    for message in ("困っていることを入れてください", "数字で入れて", "実在する日付"):
        assert message in text
    assert re.search(r'href="#quantity_min"[^>]*>', text), "the summary leads to the field"
    for kept in ("たくさん", "長い経緯", "令和8"):
        assert kept in text
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Need)) == 0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "あ" * 81, "80文字以内"),
        ("problem", "あ" * 4001, "4,000文字以内"),
        ("quantity_min", "-1", "0以上"),
        ("quantity_min", "1e99", "以下の数"),
        ("materials", "unobtainium", "選べません"),
        ("prefecture", "カリフォルニア", "選べません"),
        ("municipality_code", "999999", "見つかりません"),
        ("present_cost_yen_per_year", "1.5", "小数"),
    ],
)
def test_every_field_has_bounds(editor: FlaskClient, field: str, value: str, message: str) -> None:
    answer = post_need(editor, action="save", **{field: value})
    assert answer.status_code == 422
    assert message in answer.text


def test_typing_is_kept_and_comes_back(world: World, editor: FlaskClient) -> None:
    page = editor.get("/needs/new").text
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert key
    kept = send(
        editor, "/needs/working-copies", from_page="/needs/new",
        form_key=key[1], title="書きかけの件名", problem="途中", quantity_min="数えて",
    )  # fmt: skip
    assert re.fullmatch(r"\d{1,2}:\d\d", kept.get_json()["saved_at"])
    token = key[1].split(":")[-1]
    again = editor.get(f"/needs/new?form={token}").text
    assert "書きかけの内容を戻しました" in again
    for typed in ("書きかけの件名", "途中", "数えて"):
        assert typed in again
    assert "ほかにも書きかけがあります" in editor.get("/needs/new").text
    post_need(editor, form_key=key[1], action="save")
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(WorkingCopy)) == 0


def test_a_working_copy_is_its_owners_alone(world: World, editor: FlaskClient) -> None:
    key = f"need:new:{uuid.uuid4().hex}"
    send(editor, "/needs/working-copies", from_page="/needs/new", form_key=key, title="ひみつ")
    stranger = (
        world.client("stranger").get(f"/needs/new?form={key.rsplit(':', maxsplit=1)[-1]}").text
    )
    assert "ひみつ" not in stranger


@pytest.mark.parametrize("key", ["", "need:x", "other:new:" + "0" * 32, "a" * 5000])
def test_an_unknown_form_is_not_kept(editor: FlaskClient, key: str) -> None:
    answer = send(editor, "/needs/working-copies", from_page="/needs/new", form_key=key)
    assert answer.status_code == 422


def test_nobody_posts_for_another_organisation(world: World, editor: FlaskClient) -> None:
    answer = post_need(editor, organization_id=str(world.other_id), action="save")
    assert answer.status_code == 403
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Need)) == 0


def test_two_tabs_do_not_overwrite_each_other(world: World, editor: FlaskClient) -> None:
    post_need(editor, action="save")
    path = f"/needs/{only_need(world).id}/edit"
    first = send(editor, path, **TYPED, background="一つ目の窓", revision="1", action="save")
    assert first.status_code == 302
    second = send(editor, path, **TYPED, background="二つ目の窓", revision="1", action="save")
    assert second.status_code == 409
    assert "ほかの人がこの内容を先に変更しました" in second.text
    assert "二つ目の窓" in second.text
    assert only_need(world).background == "一つ目の窓"


def test_each_change_is_a_version_that_can_be_compared_and_restored(
    world: World, editor: FlaskClient
) -> None:
    post_need(editor, action="save")
    need_id = only_need(world).id
    path = f"/needs/{need_id}"
    send(editor, f"{path}/edit", **TYPED, background="あとから足した", action="save")
    send(editor, f"{path}/edit", **TYPED, background="あとから足した", action="save")
    page = editor.get(f"{path}/versions").text
    assert "第1版と第2版のちがい" in page
    assert "あとから足した" in page
    send(editor, f"{path}/versions/1/restorations", from_page=f"{path}/versions")
    assert only_need(world).background is None
    with world.app.app_context():
        numbers = db.session.scalars(select(PostVersion.number).order_by(PostVersion.number)).all()
    assert numbers == [1, 2, 3], "saving without a change makes no version"
    assert editor.get(f"{path}/versions?before=1&after=99").status_code == 404


def move(client: FlaskClient, world: World, name: str, **fields: str) -> TestResponse:
    path = f"/needs/{only_need(world).id}"
    return send(client, f"{path}/moves", from_page=path, move=name, **fields)


def test_the_whole_life_of_a_need(world: World, editor: FlaskClient) -> None:
    secretariat = world.client("secretariat")
    post_need(editor, action="submit")
    move(secretariat, world, "return", reason="量を書いてください")
    assert only_need(world).state is PostState.RETURNED
    assert "量を書いてください" in editor.get(f"/needs/{only_need(world).id}").text
    move(editor, world, "submit")
    move(secretariat, world, "publish")
    assert only_need(world).state is PostState.PUBLISHED
    move(editor, world, "pause")
    assert world.client("stranger").get(f"/needs/{only_need(world).id}").status_code == 404
    move(editor, world, "resume")
    move(editor, world, "close", close_reason="solved_here", solved_with="緑山工業")
    need = only_need(world)
    assert (need.state, need.solved_with) == (PostState.CLOSED, "緑山工業")
    move(editor, world, "reopen")
    assert only_need(world).state is PostState.PUBLISHED


def test_a_step_that_is_not_possible_changes_nothing_and_says_why(
    world: World, editor: FlaskClient
) -> None:
    post_need(editor, action="save")
    answer = move(editor, world, "pause")
    assert "はできません" in editor.get(answer.location).text
    assert only_need(world).state is PostState.DRAFT
    assert move(editor, world, "publish").status_code == 404, "for the secretariat only"
    assert move(editor, world, "explode").status_code == 404
    answer = move(editor, world, "submit")
    assert only_need(world).state is PostState.SUBMITTED


def test_closing_needs_a_reason_and_solving_needs_a_partner(
    world: World, editor: FlaskClient
) -> None:
    with world.app.app_context():
        published(world)
    answer = move(editor, world, "close")
    assert "終了の理由を選んでください" in editor.get(answer.location).text
    answer = move(editor, world, "close", close_reason="solved_here")
    assert "だれと解決したか" in editor.get(answer.location).text
    assert only_need(world).state is PostState.PUBLISHED


def test_only_drafts_are_deleted(world: World, editor: FlaskClient) -> None:
    post_need(editor, action="submit")
    path = f"/needs/{only_need(world).id}"
    assert send(editor, f"{path}/deletions", from_page=path).status_code == 422
    move(editor, world, "withdraw")
    assert send(editor, f"{path}/deletions", from_page=path).status_code == 302
    assert editor.get(path).status_code == 404


def titles(page: TestResponse) -> list[str]:
    return re.findall(r'class="resource__title"><a[^>]*>([^<]*)</a>', page.text)


def test_lists_are_searched_and_filtered(world: World) -> None:
    with world.app.app_context():
        published(world, title="放置竹林の竹", problem="竹林が荒れている", prefecture="高知県")
        published(
            world, title="学校の古紙", problem="プリントが余る", prefecture="北海道",
            materials=["paper"], quantity_min=None,
        )  # fmt: skip
    visitor = world.app.test_client()
    assert titles(visitor.get("/needs")) == ["学校の古紙", "放置竹林の竹"]
    assert titles(visitor.get("/needs?q=荒れた竹林")) == ["放置竹林の竹"], "荒れて and 荒れた meet"
    assert titles(visitor.get("/needs?q=ﾌﾟﾘﾝﾄ")) == ["学校の古紙"]
    assert titles(visitor.get("/needs?material=paper")) == ["学校の古紙"]
    assert titles(visitor.get("/needs?prefecture=高知県&prefecture=愛媛県")) == ["放置竹林の竹"]
    assert titles(visitor.get("/needs?q=竹&material=paper")) == []
    assert "条件に合うニーズはありません" in visitor.get("/needs?q=竹&material=paper").text


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=99999999999999999999", "page=abc", "sort=evil", "view=evil",
        "tonnes_from=abc", "tonnes_from=-5", "tonnes_to=1e400", "state=draft", "state=evil",
        "prefecture=' OR 1=1", "organization=nope", "q=%25_%5C", "q=" + "長" * 6000, "mine=1",
        "material=" + "x" * 5000, "&".join(f"material=m{n}" for n in range(400)),
    ],
)  # fmt: skip
def test_lists_answer_whatever_stands_in_the_address(world: World, query: str) -> None:
    with world.app.app_context():
        published(world)
    answer = world.app.test_client().get(f"/needs?{query}")
    assert answer.status_code in (200, 414)


def test_drafts_of_others_never_show_in_lists(world: World, editor: FlaskClient) -> None:
    post_need(editor, action="save")
    stranger = world.client("stranger")
    for query in ("state=draft", "mine=1", "q=竹", f"organization={world.organization_id}"):
        assert titles(stranger.get(f"/needs?{query}")) == []
    assert titles(editor.get("/needs?state=draft")) == ["放置竹林の竹を使いたい"]


def test_members_only_posts_stay_among_members(world: World) -> None:
    with world.app.app_context():
        need_id = published(world, visibility="members")
    assert titles(world.app.test_client().get("/needs")) == []
    assert world.app.test_client().get(f"/needs/{need_id}").status_code in (302, 404)
    assert titles(world.client("stranger").get("/needs")) == ["放置竹林の竹を使いたい"]


def test_contacts_are_for_the_parties_and_numbers_for_members(world: World) -> None:
    with world.app.app_context():
        need_id = published(
            world, contact="0886-00-0000", quantity_min=Decimal(777), quantity_unit="t"
        )
    visitor, stranger = world.app.test_client(), world.client("stranger")
    assert "777" not in visitor.get(f"/needs/{need_id}").text
    assert "777" in stranger.get(f"/needs/{need_id}").text
    assert "0886" not in stranger.get(f"/needs/{need_id}").text
    assert "0886" in world.client("editor").get(f"/needs/{need_id}").text


def test_lists_read_the_same_number_of_statements_however_many_posts(world: World) -> None:
    def count() -> int:
        statements: list[str] = []
        with world.app.app_context():
            engine = db.engine
        note = lambda *a: statements.append(a[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        world.app.test_client().get("/needs")
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    with world.app.app_context():
        published(world)
    few = count()
    with world.app.app_context():
        for number in range(15):
            published(world, title=f"竹 {number}")
    assert count() == few
    assert few <= 8


def test_offerings_have_the_same_life(world: World) -> None:
    stranger = world.client("stranger")
    answer = send(
        stranger, "/offerings/new", kind="technology",
        title="竹を炭に", description="炭にして畑に返します。", visibility="public",
        capacity_tonnes_per_year="100", free_capacity_tonnes_per_year="200", action="submit",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "空きは能力以下の数にしてください" in answer.text
    answer = send(
        stranger, "/offerings/new", kind="technology",
        title="竹を炭に", description="炭にして畑に返す。", visibility="public", action="submit",
    )  # fmt: skip
    assert answer.status_code == 302
    with world.app.app_context():
        assert db.session.scalar(select(Offering.state)) is PostState.SUBMITTED


def test_the_warning_and_the_end_come_by_themselves(world: World) -> None:
    now = clock.now()
    with world.app.app_context():
        need_id = published(world, valid_until=clock.today(now) + timedelta(days=10))
        assert jobs.warn_of_expiry([NEED, OFFERING], now) == 1
        assert jobs.warn_of_expiry([NEED, OFFERING], now) == 0
        subjects = db.session.scalars(select(OutboxMessage.subject)).all()
        assert any("掲載の期限が近づいています" in subject for subject in subjects)
        assert jobs.close_expired([NEED, OFFERING], now) == 0
        last_day_over = clock.end_of_day(clock.today(now) + timedelta(days=10))
        assert jobs.close_expired([NEED, OFFERING], last_day_over - timedelta(seconds=1)) == 0
        assert jobs.close_expired([NEED, OFFERING], last_day_over) == 1
        need = only_need(world)
        assert need.id == need_id
        assert (need.state, need.close_reason) == (PostState.CLOSED, "expired")


def test_posts_of_a_trusted_organisation_are_shown_at_once_when_so_set(world: World) -> None:
    with world.app.app_context():
        organization = db.session.get(Organization, world.organization_id)
        assert organization is not None
        organization.is_trusted = True
        for setting, expected in ((False, PostState.SUBMITTED), (True, PostState.PUBLISHED)):
            need = service.create(NEED, world.organization_id, TYPED, world.editor, clock.now())
            service.submit(NEED, need, world.editor, clock.now(), publish_trusted=setting)
            assert need.state is expected


def test_hidden_quantities_cannot_be_read_back_through_the_filter(world: World) -> None:
    with world.app.app_context():
        for tonnes in (10, 1000):
            published(world, title=f"量 {tonnes}", quantity_min=Decimal(tonnes), quantity_unit="t")
    visitor, stranger = world.app.test_client(), world.client("stranger")
    assert len(titles(visitor.get("/needs?tonnes_from=500"))) == 2
    assert "会員がサインインすると使えます" in visitor.get("/needs?sort=largest").text
    assert titles(visitor.get("/needs?sort=largest")) == titles(visitor.get("/needs"))
    assert titles(stranger.get("/needs?tonnes_from=500")) == ["量 1000"]
    assert titles(stranger.get("/needs?sort=largest")) == ["量 1000", "量 10"]
