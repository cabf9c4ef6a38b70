"""Pages over HTTP: who sees what before and after handing in, hidden names, bad input."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.core.formatting import format_date
from matchmaker.working_groups.calls.models import Call, CallReviewer, Criterion
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import queries
from matchmaker.working_groups.reviews.agreement import alpha_of_ratings
from matchmaker.working_groups.reviews.decision_data import DecisionData
from matchmaker.working_groups.reviews.decision_queries import criterion_figures
from matchmaker.working_groups.reviews.domain import DecisionState, Outcome, ReviewState
from matchmaker.working_groups.reviews.models import Review, ReviewComment
from matchmaker.working_groups.reviews.scores import points_field, reason_field
from tests.working_groups.reviews.steps import (
    assign,
    decide_all,
    decision_for,
    hand_in,
    prepare,
    refusal,
    review_id,
)
from tests.working_groups.reviews.world import World

REASON = "数量と体制が具体的です。"


def filled(world: World, *points: str, reason: str = REASON, revision: int = 1) -> dict[str, str]:
    """What a browser sends for the criteria in their order."""
    with world.app.app_context():
        query = select(Criterion.id).where(Criterion.call_id == world.call_id)
        ids = db.session.scalars(query.order_by(Criterion.position)).all()
    data = {"revision": str(revision), "comment": "全体の意見です。"}
    for id_, value in zip(ids, points, strict=True):
        data |= {points_field(id_): value, reason_field(id_): reason}
    return data


def opened(world: World, who: str, proposal: str) -> tuple[FlaskClient, str]:
    """A browser of a reviewer and the address of the review."""
    with world.app.app_context():
        assign(world)
        address = f"/reviews/{review_id(world, who, proposal)}"
    return world.client(who), address


def stored(world: World, who: str, proposal: str) -> Review:
    with world.app.app_context():
        return queries.get_review(review_id(world, who, proposal))


def test_scores_are_kept_as_a_draft_and_handed_in_complete(world: World) -> None:
    client, address = opened(world, "first", "food")
    assert client.post(address, data=filled(world, "4", "")).status_code == 302
    assert stored(world, "first", "food").state is ReviewState.DRAFT
    data = filled(world, "4", "", revision=2) | {"action": "submit"}
    answer = client.post(address, data=data)
    assert answer.status_code == 422
    assert "点数を選んでください。" in answer.text
    assert REASON in answer.text
    data = filled(world, "4", "5", revision=2) | {"action": "submit"}
    assert client.post(address, data=data).status_code == 302
    review = stored(world, "first", "food")
    assert (review.state, review.total_rate) == (ReviewState.SUBMITTED, 0.85)


def test_reasons_are_required_and_points_bounded(world: World) -> None:
    client, address = opened(world, "first", "food")
    for points, reason, message in (
        ("4", "", "この点数にした理由"),
        ("6", "x", "0から5まで"),
        ("-1", "x", "0から5まで"),
        ("四", "x", "0から5まで"),
        ("4", "あ" * 2001, "2,000文字以内"),
    ):
        data = filled(world, points, "3", reason=reason) | {"action": "submit"}
        answer = client.post(address, data=data)
        assert (answer.status_code, message in answer.text) == (422, True), message
    assert stored(world, "first", "food").state is ReviewState.PENDING


def test_a_second_window_is_told_and_loses_nothing(world: World) -> None:
    client, address = opened(world, "first", "food")
    client.post(address, data=filled(world, "2", "2", reason="先に保存した理由"))
    answer = client.post(address, data=filled(world, "5", "5", reason="あとの窓の理由"))
    assert answer.status_code == 409
    assert "先に保存した理由" in answer.text
    assert "あとの窓の理由" in answer.text
    assert 'name="revision" type="hidden" value="2"' in answer.text
    again = filled(world, "5", "5", reason="あとの窓の理由", revision=2)
    assert client.post(address, data=again).status_code == 302
    reasons = {score.reason for score in stored(world, "first", "food").scores}
    assert reasons == {"あとの窓の理由"}


def test_autosave_answers_with_the_new_revision_and_refuses_an_old_one(world: World) -> None:
    client, address = opened(world, "first", "food")
    answer = client.post(f"{address}/drafts", data=filled(world, "3", ""))
    assert answer.json is not None
    assert answer.json["fields"] == {"revision": "2"}
    assert client.post(f"{address}/drafts", data=filled(world, "1", "")).status_code == 409
    answer = client.post(f"{address}/drafts", data=filled(world, "99", "", revision=2))
    assert answer.status_code == 422


def test_others_scores_are_seen_only_after_ones_own(world: World) -> None:
    client, address = opened(world, "first", "food")
    with world.app.app_context():
        hand_in(world, "second", "food", 1, 2)
        proposal = world.proposals["food"]
    before = client.get(address).text
    assert "第二審査花子" not in before
    assert "よく考えられています。" not in before
    assert client.get(f"/proposals/{proposal}/reviews").status_code == 404
    assert (
        client.post(f"/proposals/{proposal}/review-comments", data={"body": "x"}).status_code == 404
    )
    assert client.get(f"/calls/{world.call_id}/reviews").status_code == 403
    client.post(address, data=filled(world, "4", "4") | {"action": "submit"})
    after = client.get(address).text
    assert "第二審査花子" in after
    assert "よく考えられています。" in after
    assert client.get(f"/proposals/{proposal}/reviews").status_code == 200
    assert client.get(f"/calls/{world.call_id}/reviews").status_code == 403  # bamboo is to do
    with world.app.app_context():
        hand_in(world, "first", "bamboo", 3, 3)
    assert client.get(f"/calls/{world.call_id}/reviews").status_code == 200


def test_a_conflict_closes_text_scores_and_discussion(world: World) -> None:
    client, address = opened(world, "partial", "bamboo")
    page = client.get(address).text
    assert "竹の炭" not in page
    assert "提案した団体に所属している" in page
    assert client.post(address, data=filled(world, "4", "4")).status_code == 403
    assert client.get(f"{address}/conflicts").status_code == 403
    proposal = world.proposals["bamboo"]
    assert client.get(f"/proposals/{proposal}/reviews").status_code == 404
    listed = client.get("/reviews").text
    assert "受付1" in listed
    assert "竹の炭" not in listed


def test_a_declared_conflict_closes_the_proposal_and_can_be_taken_back(world: World) -> None:
    client, address = opened(world, "first", "food")
    assert client.post(f"{address}/conflicts", data={"reason": " "}).status_code == 422
    data = {"reason": "取引先です"}
    assert client.post(f"{address}/conflicts", data=data).status_code == 302
    assert "食品残さの堆肥" not in client.get(address).text
    assert client.post(address, data=filled(world, "4", "4")).status_code == 403
    assert client.get(f"{address}/conflicts").status_code == 200
    client.post(f"{address}/conflicts", data={"reason": "別の会社でした"})
    assert "食品残さの堆肥" in client.get(address).text


def test_nobody_reviews_before_the_deadline_or_for_other_calls(world: World) -> None:
    client, address = opened(world, "first", "food")
    assert world.client("foreign").get(address).status_code == 404
    assert world.client("second").get(address).status_code == 404
    for who in ("secretary", "operator", "lead", "outsider"):
        assert world.client(who).get(address).status_code == 404
    with world.app.app_context():
        db.session.get_one(Call, world.call_id).closes_at = world.now + timedelta(hours=1)
        db.session.commit()
    assert "食品残さ" not in client.get(address).text
    assert client.post(address, data=filled(world, "4", "4")).status_code == 403


def test_withdrawn_texts_are_closed_to_reviewers(world: World) -> None:
    client, address = opened(world, "first", "food")
    with world.app.app_context():
        db.session.get_one(Proposal, world.proposals["food"]).state = ProposalState.DRAFT
        db.session.commit()
    assert client.get(address).status_code == 404
    assert "食品残さ" not in client.get("/reviews").text


def test_reviewers_of_an_anonymous_call_see_no_names(world: World) -> None:
    client, address = opened(world, "first", "food")
    with world.app.app_context():
        db.session.get_one(Call, world.call_id).is_anonymous = True
        for proposal in ("food", "bamboo"):
            hand_in(world, "first", proposal, 4, 4)
            hand_in(world, "second", proposal, 3, 4)
        db.session.commit()
        proposal_id = world.proposals["food"]
        other = f"/reviews/{review_id(world, 'first', 'bamboo')}"
    names = ("青空町", "緑山工業", "白浜運輸", "代表書き手", "共同書き手", "よその人")
    pages = ("/reviews", address, other, f"/calls/{world.call_id}/reviews",
             f"/proposals/{proposal_id}/reviews")  # fmt: skip
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert [name for name in names if name in answer.text] == [], path
    assert "それは、ふせられません" in client.get(address).text
    answer = client.get(f"/proposals/{proposal_id}")
    assert answer.status_code == 404
    assert "白浜運輸" in world.client("secretary").get(f"/calls/{world.call_id}/reviews").text


def test_the_discussion_is_for_those_who_scored(world: World) -> None:
    client, address = opened(world, "first", "food")
    with world.app.app_context():
        hand_in(world, "first", "food", 4, 4)
        hand_in(world, "second", "food", 3, 4)
    place = f"/proposals/{world.proposals['food']}/review-comments"
    assert client.post(place, data={"body": " "}).status_code == 422
    assert client.post(place, data={"body": "<b>量が足りない</b>"}).status_code == 302
    page = world.client("second").get(address.replace("/reviews/", "/proposals/")).status_code
    assert page == 404
    with world.app.app_context():
        comment = db.session.scalars(select(ReviewComment)).one()
    shown = world.client("second").get(f"/proposals/{world.proposals['food']}/reviews").text
    assert "&lt;b&gt;量が足りない" in shown
    retract = f"/review-comments/{comment.id}/retractions"
    assert world.client("second").post(retract).status_code == 403
    assert world.client("partial").post(retract).status_code == 404
    assert client.post(retract).status_code == 302
    assert client.post(retract).status_code == 302
    assert "量が足りない" not in client.get(f"/proposals/{world.proposals['food']}/reviews").text


def test_authors_see_the_decision_after_the_release_and_never_scores(world: World) -> None:
    with world.app.app_context():
        assign(world)
        hand_in(world, "first", "bamboo", 4, 4)
        decide_all(world)
    address = f"/proposals/{world.proposals['bamboo']}"
    for who in ("lead", "partner"):
        answer = world.client(who).get(address)
        assert answer.status_code == 200
        assert "地域に役立ちます。" not in answer.text
    release = f"/calls/{world.call_id}/decisions/releases"
    assert world.client("lead").post(release).status_code == 403
    secretary = world.client("secretary")
    assert secretary.post(release).status_code == 302
    page = secretary.post(release, follow_redirects=True).text
    assert "すでに通知済み" in page
    for who in ("lead", "partner"):
        page = world.client(who).get(address).text
        assert "地域に役立ちます。" in page
        assert "第一審査太郎" not in page
        assert "よく考えられています。" not in page
    assert world.client("lead").get(f"{address}/reviews").status_code == 404


def test_a_release_that_is_not_ready_tells_what_is_missing(world: World) -> None:
    with world.app.app_context():
        prepare(world, "food", refusal())
    client = world.client("secretary")
    place = f"/calls/{world.call_id}/decisions/releases"
    for answer in (client.get(place), client.post(place)):
        assert "受付1「竹の炭」" in answer.text
        assert "決定の案がまだありません。" in answer.text
    assert client.post(place).status_code == 409


def test_a_decision_is_written_checked_by_another_and_corrected(world: World) -> None:
    client = world.client("secretary")
    place = f"/calls/{world.call_id}/decisions/{world.proposals['food']}"
    assert client.get(place).status_code == 200
    typed = {"outcome": "returned", "reasons": "よい案です。", "mend_what": "数量", "revision": "0"}
    typed |= {"mend_until-year": "令和99", "mend_until-month": "13", "mend_until-day": "1"}
    answer = client.post(place, data=typed)
    assert answer.status_code == 422
    assert "令和99" in answer.text
    until = world.now.astimezone(JST) + timedelta(days=9)
    typed |= {"mend_until-year": str(until.year), "mend_until-month": str(until.month),
              "mend_until-day": str(until.day), "mend_until-time": "１７時"}  # fmt: skip
    assert client.post(place, data=typed).status_code == 302
    assert client.post(place, data=typed).status_code == 422  # the other window
    assert format_date(until) in client.get(place).text
    assert client.post(f"{place}/checks", data={"revision": "1"}).status_code == 403
    colleague = world.client("colleague")
    assert "あなたの確認を待っています" in colleague.get(place).text
    assert colleague.post(f"{place}/checks", data={"revision": "1"}).status_code == 302
    assert colleague.post(f"{place}/checks", data={"revision": "2"}).status_code == 409
    assert client.get(f"{place}/corrections").status_code == 409
    with world.app.app_context():
        assert decision_for(world, "food").state is DecisionState.CHECKED


def test_a_correction_over_http(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
    client = world.client("secretary")
    client.post(f"/calls/{world.call_id}/decisions/releases")
    place = f"/calls/{world.call_id}/decisions/{world.proposals['food']}/corrections"
    assert client.get(place).status_code == 200
    with world.app.app_context():
        revision = str(decision_for(world, "food").revision)
    typed = {"outcome": "declined", "reasons": "数量が足りません。", "revision": revision}
    answer = client.post(place, data=typed)
    assert (answer.status_code, "訂正の理由を入れてください。" in answer.text) == (422, True)
    assert client.post(place, data=typed | {"reason": "書きまちがい"}).status_code == 302
    assert client.post(place, data=typed | {"reason": "書きまちがい"}).status_code == 422
    page = world.client("outsider").get(f"/proposals/{world.proposals['food']}").text
    assert "数量が足りません。" in page
    assert "書きまちがい" in page


def test_lists_are_sorted_narrowed_and_survive_odd_addresses(world: World) -> None:
    with world.app.app_context():
        assign(world)
        hand_in(world, "first", "food", 5, 5)
        hand_in(world, "first", "bamboo", 2, 2)
        prepare(world, "food", DecisionData(Outcome.DECLINED, "理由"))
    client, base = world.client("secretary"), f"/calls/{world.call_id}"
    page = client.get(f"{base}/reviews?sort=place").text
    assert page.index("食品残さ") < page.index("竹の炭")
    page = client.get(f"{base}/reviews?sort=place&direction=desc").text
    assert page.index("竹の炭") < page.index("食品残さ")
    for query in ("sort=x&direction=y&page=99", "sort=spread", "sort=range", "page=-1"):
        assert client.get(f"{base}/reviews?{query}").status_code == 200
    for show, title in (("draft", "食品残さ"), ("open", "竹の炭")):
        assert title in client.get(f"{base}/decisions?show={show}").text
    assert client.get(f"{base}/decisions?show=x&sort=y").status_code == 200
    reviewer = world.client("first")
    for query in ("show=done", "show=todo", "show=closed", "show=x", "call=x", "page=9"):
        assert reviewer.get(f"/reviews?{query}").status_code == 200
    assert client.get(f"/calls/{uuid.uuid4()}/reviews").status_code == 404
    assert client.get(f"/calls/{uuid.uuid4()}/decisions").status_code == 404


def test_the_workbook_has_one_table_a_sheet(world: World) -> None:
    client, address = opened(world, "first", "food")
    client.post(address, data=filled(world, "4", "5", reason="=1+1") | {"action": "submit"})
    with world.app.app_context():
        seats = select(CallReviewer).where(CallReviewer.user_id == world.people["first"])
        db.session.scalars(seats).one().left_at = world.now
        db.session.commit()
    secretary = world.client("secretary")
    secretary.post(
        f"/proposals/{world.proposals['food']}/review-comments", data={"body": "討議です"}
    )
    answer = secretary.get(f"/calls/{world.call_id}/reviews.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames[:5] == ["順位", "採点", "コメント", "討議", "利益相反"]
    ranking = list(book["順位"].values)
    assert ranking[1][:6] == (1, 2, "食品残さの堆肥", "白浜運輸", 85, 1)
    assert ranking[2][0] is None
    scores = list(book["採点"].iter_rows(min_row=2))
    assert {cell.data_type for row in scores for cell in row[8:9]} == {"s"}
    assert list(book["コメント"].values)[1][6] == "はい"
    assert list(book["討議"].values)[1][4] == "討議です"
    assert list(book["利益相反"].values)[1][2:4] == ("中立でない三郎", "利益相反（所属）")


def test_the_secretariat_hands_out_reviews_by_a_button(world: World) -> None:
    client, place = world.client("secretary"), f"/calls/{world.call_id}/reviews"
    assert "新しい割り当て5件" in client.post(place, follow_redirects=True).text
    assert "すべて済んでいます" in client.post(place, follow_redirects=True).text


def test_figures_of_criteria_are_those_of_the_formula(world: World) -> None:
    with world.app.app_context():
        assign(world)
        hand_in(world, "first", "food", 1, 5)
        hand_in(world, "second", "food", 2, 5)
        hand_in(world, "first", "bamboo", 3, 5)
        hand_in(world, "second", "bamboo", 3, 5)
        first, second = criterion_figures(get_call(world.call_id))
        assert first.mean == pytest.approx(9 / 4)
        assert first.agreement == pytest.approx(alpha_of_ratings([[1, 2], [3, 3]]))
        assert (second.mean, second.agreement) == (5, None)
