"""The secretariat's board: what is stalled, acting for a side, corrections."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.partnering.introductions import queries as introductions
from matchmaker.partnering.introductions.board import queries
from matchmaker.partnering.introductions.board.domain import BoardStage, stage_of, stall_of
from matchmaker.partnering.introductions.board.queries import BoardFilter
from matchmaker.partnering.introductions.domain import (
    GRACE,
    IntroductionMove,
    IntroductionState,
    ReasonCode,
)
from matchmaker.partnering.introductions.models import Introduction
from tests.partnering.board.reading import error_links, ids_of, links_of, value_of
from tests.partnering.lineage.conftest import Site
from tests.posts.file_world import send
from tests.seeding.seeded import counted_statements

M, S = IntroductionMove, IntroductionState
DAY = timedelta(days=1)
STAGE = BoardStage
OWN_COLUMNS = ("id", "submission_key")


@pytest.fixture
def desk(site: Site) -> FlaskClient:
    """The secretariat's browser."""
    return site.world.client("secretariat")


def act(client: FlaskClient, introduction: Introduction, move: str, **said: Any) -> Any:
    data = {f"{move}-{name}": value for name, value in said.items()}
    data.setdefault(f"{move}-revision", str(introductions.get(introduction.id).revision))
    page = f"/introduction-board/{introduction.id}"
    return send(client, f"{page}/moves", from_page=page, move=move, **data)


def correct(client: FlaskClient, introduction: Introduction, **said: Any) -> Any:
    data = {f"correct-{name}": value for name, value in said.items()}
    page = f"/introduction-board/{introduction.id}"
    return send(client, f"{page}/corrections", from_page=page, **data)


def sent(site: Site) -> Introduction:
    introduction = site.send()
    db.session.commit()
    return introduction


def test_the_list_tells_what_counts_as_stalled(site: Site, desk: FlaskClient) -> None:
    sent(site)
    page = desk.get("/introduction-board").text
    assert "放置竹林の竹を使いたい × 竹を炭にします" in page
    assert "最後の動きから21日たった" in page


def test_the_secretariat_is_led_from_the_members_list_to_the_board(
    site: Site, desk: FlaskClient
) -> None:
    """It has no introductions of its own; members stay on their list, others get nowhere."""
    sent(site)
    answer = desk.get("/introductions", follow_redirects=True)
    assert answer.request.path == "/introduction-board"
    assert "事務局の人には、すべての団体の紹介をまとめた画面があります。" in answer.text
    assert 'href="/introductions"' not in answer.text
    own = site.world.client("editor").get("/introductions")
    assert (own.status_code, own.request.path) == (200, "/introductions")
    assert 'href="/introduction-board"' not in own.text


def test_each_stage_leads_to_its_introductions_with_their_number(
    site: Site, desk: FlaskClient
) -> None:
    sent(site)
    page = desk.get("/introduction-board?prefecture=高知県")
    links = links_of(page.text, "board-stages__link")
    assert {"1件すべて", "1件返事待ち", "0件見送り", "0件止まっている"} <= links.keys()
    assert "竹を炭にします" in desk.get(links["1件返事待ち"]).text
    assert "当てはまる紹介がありません" in desk.get(links["0件見送り"]).text
    assert queries.stage_counts(clock.now(), BoardFilter(prefecture="東京都"))[0][STAGE.OPEN] == 0


def test_others_do_not_see_the_board(site: Site) -> None:
    introduction = sent(site)
    for address in ("", f"/{introduction.id}"):
        answer = site.world.client("editor").get(f"/introduction-board{address}")
        assert answer.status_code == 403


def test_the_conditions_of_the_database_are_those_of_the_rules(site: Site) -> None:
    """Stage and stall by SQL and by the pure rules, at many moments of one history."""
    introduction = sent(site)
    began = introduction.updated_at
    moments = [began + part * DAY for part in (0, 1, 13, 14.5, 16, 17.9, 18.5, 21, 40)]
    for accepted in (False, True):
        if accepted:
            site.move(introduction, M.ACCEPT)
            db.session.commit()
        for now in moments:
            row = queries.board_page(BoardFilter(), 1, now).items[0]
            found = introductions.get(introduction.id)
            is_over = not accepted and now >= found.answer_due_at + GRACE
            state = S.UNANSWERED if is_over else found.state
            match = row.match
            has_joined = match is not None and match.joined_at is not None
            stage = stage_of(state, match.state if match else None, has_joined=has_joined)
            last = row.match.updated_at if row.match and accepted else found.updated_at
            stall = stall_of(stage, found.answer_due_at, last, now)
            assert _ids(BoardFilter(stage=stage), now) == [introduction.id], (stage, now)
            assert bool(_ids(BoardFilter(only_stalled=True), now)) is bool(stall), now
            counts, stalled = queries.stage_counts(now)
            assert counts[stage] == sum(counts.values()) == 1
            assert stalled == (1 if stall else 0)


def _ids(wanted: BoardFilter, now: Any) -> list[uuid.UUID]:
    return [row.introduction.id for row in queries.board_page(wanted, 1, now).items]


def test_stalled_ones_come_first(site: Site) -> None:
    fresh = sent(site)
    now = clock.now() + 15 * DAY
    other = Introduction(
        **{
            column.key: getattr(fresh, column.key)
            for column in Introduction.__table__.columns
            if column.key not in ("id", "submission_key")
        }
    )
    fresh.updated_at = fresh.answer_due_at = now + DAY
    fresh.state = S.WITHDRAWN
    fresh.updated_at = now - 300 * DAY
    db.session.flush()
    db.session.add(other)
    db.session.commit()
    assert _ids(BoardFilter(), now) == [other.id, fresh.id]


def test_what_is_settled_comes_after_what_goes_on(site: Site) -> None:
    """However long ago it was settled."""
    old = sent(site)
    site.move(old, M.WITHDRAW, site.town)
    db.session.commit()
    new = sent(site)
    later = clock.now() + 2 * DAY
    assert _ids(BoardFilter(), later) == [new.id, old.id]


def test_a_move_that_is_not_offered_leaves_no_link_to_a_field_that_is_not_there(
    site: Site, desk: FlaskClient
) -> None:
    """Valid or not, what was typed is kept."""
    introduction = sent(site)
    site.move(introduction, M.DECLINE)
    db.session.commit()
    for said in ({}, {"reason": "電話で聞いたため"}, {"reason": "あ" * 3000}):
        answer = act(desk, introduction, "accept", **said)
        assert answer.status_code == 409
        assert "いまの状態では、この操作はできません。" in answer.text
        assert error_links(answer.text) == []
        assert said.get("reason", "") in answer.text
    assert introductions.get(introduction.id).state is S.DECLINED


def test_after_a_conflict_the_same_form_can_be_sent_again(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    refused = act(desk, introduction, "accept", reason="電話で聞いたため", revision="99")
    assert refused.status_code == 409
    said = {"reason": "電話で聞いたため", "revision": value_of(refused.text, "accept-revision")}
    assert act(desk, introduction, "accept", **said).status_code == 302


def test_every_error_of_a_shown_form_leads_to_its_field(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    site.move(introduction, M.DECLINE)
    db.session.commit()
    revision = introductions.get(introduction.id).revision
    answers = [
        act(desk, introduction, "reopen", **{"answer_due_on-year": "きのう"}),
        correct(desk, introduction, revision=revision, reason_code="nothing"),
    ]
    for answer in answers:
        assert answer.status_code == 422
        links = error_links(answer.text)
        assert links
        assert set(links) <= ids_of(answer.text)


def test_a_board_of_any_length_takes_the_same_statements(site: Site, desk: FlaskClient) -> None:
    """Ten introductions or a hundred."""
    introduction, counts = sent(site), []
    for wanted in (10, 100):
        _fill(introduction, wanted)
        desk.get("/introduction-board")
        with counted_statements(site.world.app) as statements:
            page = desk.get("/introduction-board")
        assert f"{wanted}</strong>件" in page.text
        counts.append(len(statements))
    assert counts[0] == counts[1]


def _fill(introduction: Introduction, wanted: int) -> None:
    """Copy a withdrawn introduction until there are so many."""
    introduction = introductions.get(introduction.id)
    introduction.state = S.WITHDRAWN
    columns = [c.key for c in Introduction.__table__.columns if c.key not in OWN_COLUMNS]
    values = {key: getattr(introduction, key) for key in columns}
    present = db.session.scalar(select(func.count()).select_from(Introduction)) or 0
    db.session.add_all(Introduction(**values) for _ in range(wanted - present))
    db.session.commit()


def test_an_answer_for_a_side_needs_a_reason(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    answer = act(desk, introduction, "accept")
    assert answer.status_code == 422
    assert "代わりに操作する理由を入れてください。" in answer.text
    assert introductions.get(introduction.id).state is S.OPEN


def test_an_answer_for_a_side_is_traced_and_told(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    answer = act(desk, introduction, "accept", reason="電話で承諾をもらったため")
    assert answer.status_code == 302
    assert introductions.get(introduction.id).state is S.ACCEPTED
    step = introductions.steps_of(introduction.id)[-1]
    assert step.on_behalf_of_id == site.world.other_id
    page = desk.get(f"/introduction-board/{introduction.id}").text
    assert "緑山工業に代わって" in page
    subjects = db.session.scalars(select(OutboxMessage.subject)).all()
    assert any("事務局が代わりに操作しました" in each for each in subjects)


def test_a_match_is_taken_back_with_a_reason(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    site.move(introduction, M.ACCEPT)
    db.session.commit()
    assert act(desk, introduction, "undo").status_code == 422
    assert act(desk, introduction, "undo", reason="押しまちがいのため").status_code == 302
    assert introductions.get(introduction.id).state is S.OPEN


def test_reopening_asks_for_which_side(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    site.move(introduction, M.DECLINE)
    db.session.commit()
    refused = act(desk, introduction, "reopen", reason="事情が変わったため")
    assert refused.status_code == 422
    assert "どちらの団体に代わって操作するかを選んでください。" in refused.text
    done = act(desk, introduction, "reopen", reason="事情が変わったため", side="business")
    assert done.status_code == 302
    assert introductions.get(introduction.id).state is S.OPEN


def test_a_deadline_and_a_reason_are_corrected(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    before, day = introduction.answer_due_at, clock.today(clock.now() + 40 * DAY)
    said: dict[str, Any] = {
        "answer_due_on-year": day.year, "answer_due_on-month": day.month,
        "answer_due_on-day": day.day, "revision": introduction.revision,
    }  # fmt: skip
    assert correct(desk, introduction, **said).status_code == 422
    assert correct(desk, introduction, **said, reason="議会の日程のため").status_code == 302
    assert introductions.get(introduction.id).answer_due_at > before
    declined = site.move(introduction, M.DECLINE)
    db.session.commit()
    said = {"reason_code": "cost", "reason": "聞きまちがいのため", "revision": declined.revision}
    assert correct(desk, introduction, **said).status_code == 302
    assert introductions.get(introduction.id).reason_code is ReasonCode.COST


def test_a_correction_of_what_somebody_changed_is_refused(
    site: Site,
    desk: FlaskClient,
) -> None:
    introduction = sent(site)
    answer = correct(desk, introduction, reason="期限を延ばすため", revision="99")
    assert answer.status_code == 409
    assert "期限を延ばすため" in answer.text
    assert introductions.get(introduction.id).revision == introduction.revision


def test_filters_narrow_the_list(site: Site) -> None:
    introduction = sent(site)
    now = clock.now()
    assert _ids(BoardFilter(prefecture="高知県"), now) == [introduction.id]
    assert _ids(BoardFilter(prefecture="東京都"), now) == []
    assert _ids(BoardFilter(words="緑山"), now) == [introduction.id]
    assert _ids(BoardFilter(words="%"), now) == []
    assert _ids(BoardFilter(stage=BoardStage.DECLINED), now) == []


def test_a_mistake_in_an_older_tab_leaves_it_as_old_as_it_is(site: Site, desk: FlaskClient) -> None:
    introduction = sent(site)
    for move in (M.DECLINE, M.REOPEN, M.DECLINE):
        site.move(introduction, move)
        db.session.commit()
    present = str(introductions.get(introduction.id).revision)
    told = act(desk, introduction, "reopen", revision="2", reason="担当が戻ったため")
    assert told.status_code == 422, "for which side was not said"
    assert value_of(told.text, "reopen-revision") == "2"
    stale = act(desk, introduction, "reopen", revision="2", reason="担当が戻ったため", side="town")
    assert (stale.status_code, value_of(stale.text, "reopen-revision")) == (409, present)
