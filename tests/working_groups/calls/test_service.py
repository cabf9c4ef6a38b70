"""Commands on calls: publishing, freezing, extending, copying, what two people do at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from matchmaker.core.audit import entries_of
from matchmaker.core.clock import end_of_day, start_of_day, today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls import queries, service, steps
from matchmaker.working_groups.calls.content import CallData, CriterionData, InvalidCall
from matchmaker.working_groups.calls.domain import CallKind, CallMove, CallState, Phase
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import CallFilter
from tests.working_groups.calls.made import (
    CLOSES,
    CRITERIA,
    DATA,
    NOW,
    OPENS,
    QUESTIONS,
    SECRETARIAT,
    draft,
    published,
)

MINUTE = timedelta(minutes=1)
WHILE_OPEN = OPENS + timedelta(days=1)


def tags_of(call: Call) -> list[str]:
    return [entry.tag for entry in entries_of(call.id)]


def test_a_draft_is_saved_without_a_period(context: Flask) -> None:
    call = service.create_call(CallData(CallKind.OTHER, "公募"), SECRETARIAT, NOW)
    assert (call.state, call.opens_at, call.revision) == (CallState.DRAFT, None, 1)
    assert tags_of(call) == ["calls:call:saved"]


def test_saving_counts_revisions_and_nothing_changed_is_no_change(context: Flask) -> None:
    call = draft()
    before = call.revision
    service.save_call(call, DATA, SECRETARIAT, NOW, before)
    assert call.revision == before
    service.save_call(call, replace(DATA, title="別の名前"), SECRETARIAT, NOW, before)
    assert call.revision == before + 1
    assert entries_of(call.id)[0].details["fields"] == ["title"]


def test_two_people_save_and_the_second_is_told(context: Flask) -> None:
    call = draft()
    opened = call.revision
    service.save_call(call, replace(DATA, title="はじめの人"), SECRETARIAT, NOW, opened)
    with pytest.raises(Conflict):
        service.save_call(call, replace(DATA, title="あとの人"), SECRETARIAT, NOW, opened)
    with pytest.raises(Conflict):
        service.save_criteria(call, CRITERIA[:1], SECRETARIAT, NOW, opened)
    with pytest.raises(Conflict):
        service.save_questions(call, Questionnaire(), SECRETARIAT, NOW, opened)
    assert call.title == "はじめの人"


def test_publishing_needs_everything(context: Flask) -> None:
    call = service.create_call(CallData(CallKind.OTHER, "公募"), SECRETARIAT, NOW)
    with pytest.raises(InvalidCall) as refused:
        steps.move_call(call, CallMove.PUBLISH, "", SECRETARIAT, NOW)
    missing = {"body", "opens_at", "closes_at", "criteria", "parent_group_id"}
    assert set(refused.value.errors) == missing
    assert call.state is CallState.DRAFT


def test_publishing_twice_is_refused(context: Flask) -> None:
    call = published()
    assert (call.published_at, call.phase(NOW)) == (NOW, Phase.UPCOMING)
    with pytest.raises(IllegalMove):
        steps.move_call(call, CallMove.PUBLISH, "", SECRETARIAT, NOW)


def test_the_database_refuses_a_published_call_without_a_period(context: Flask) -> None:
    call = published()
    for change in ("opens_at = NULL", "closes_at = opens_at"):
        with pytest.raises(IntegrityError):
            db.session.execute(text(f"UPDATE calls SET {change}"))  # noqa: S608
        db.session.rollback()
        call = published()
    assert call.opens_at == OPENS


def test_the_period_is_free_until_the_call_opens(context: Flask) -> None:
    call = published()
    sooner = OPENS - timedelta(days=2)
    service.save_call(call, replace(DATA, opens_at=sooner), SECRETARIAT, NOW)
    assert call.opens_at == sooner
    with pytest.raises(InvalidCall) as refused:
        service.save_call(call, replace(DATA, closes_at=None), SECRETARIAT, NOW)
    assert set(refused.value.errors) == {"closes_at"}


def test_the_period_is_fixed_once_the_call_is_open(context: Flask) -> None:
    call = published()
    changed = replace(DATA, opens_at=OPENS - MINUTE, closes_at=CLOSES - MINUTE, body="")
    with pytest.raises(InvalidCall) as refused:
        service.save_call(call, changed, SECRETARIAT, WHILE_OPEN)
    assert set(refused.value.errors) == {"opens_at", "closes_at", "body"}
    with pytest.raises(InvalidCall) as refused:
        service.save_call(call, replace(DATA, parent_group_id=None), SECRETARIAT, WHILE_OPEN)
    assert set(refused.value.errors) == {"parent_group_id"}
    service.save_call(call, replace(DATA, title="直した名前"), SECRETARIAT, WHILE_OPEN)
    assert (call.title, call.closes_at) == ("直した名前", CLOSES)


def test_a_deadline_is_extended_with_a_reason_and_both_are_kept(context: Flask) -> None:
    call = published()
    call.closing_told_days = 7
    later = CLOSES + timedelta(days=7)
    steps.extend_call(call, later, "台風のため", SECRETARIAT, WHILE_OPEN)
    assert (call.closes_at, call.first_closes_at) == (later, CLOSES)
    assert call.extension_reason == "台風のため"
    assert call.closing_told_days is None
    steps.extend_call(call, later + MINUTE, "もう一度", SECRETARIAT, CLOSES + MINUTE)
    assert call.first_closes_at == CLOSES
    entry = entries_of(call.id)[0]
    assert (entry.tag, entry.reason) == ("calls:call:extended", "もう一度")


def test_a_deadline_is_never_brought_forward_nor_revived(context: Flask) -> None:
    call = published()
    for wanted in (CLOSES, CLOSES - MINUTE, None):
        with pytest.raises(InvalidCall):
            steps.extend_call(call, wanted, "理由", SECRETARIAT, WHILE_OPEN)
    with pytest.raises(ProductError):
        steps.extend_call(call, CLOSES + MINUTE, "　", SECRETARIAT, WHILE_OPEN)
    with pytest.raises(IllegalMove):
        steps.extend_call(call, CLOSES + MINUTE, "理由", SECRETARIAT, CLOSES)
    assert call.closes_at == CLOSES


def test_questions_and_criteria_freeze_with_the_first_proposal(context: Flask) -> None:
    call = published()
    service.freeze_questions(call, WHILE_OPEN)
    service.freeze_questions(call, WHILE_OPEN + MINUTE)
    assert call.frozen_at == WHILE_OPEN
    assert tags_of(call).count("calls:call:frozen") == 1
    service.save_questions(call, QUESTIONS, SECRETARIAT, WHILE_OPEN)
    service.save_criteria(call, service.criteria_of(call), SECRETARIAT, WHILE_OPEN)
    with pytest.raises(Conflict):
        service.save_questions(call, Questionnaire(), SECRETARIAT, WHILE_OPEN)
    with pytest.raises(Conflict):
        service.save_criteria(call, CRITERIA[:1], SECRETARIAT, WHILE_OPEN)
    with pytest.raises(IllegalMove):
        steps.move_call(call, CallMove.UNPUBLISH, "理由", SECRETARIAT, WHILE_OPEN)


def test_nobody_is_shut_out_once_a_proposal_exists(context: Flask) -> None:
    call = published()
    service.freeze_questions(call, WHILE_OPEN)
    narrower = replace(DATA, categories=("company",), is_anonymous=True)
    with pytest.raises(InvalidCall) as refused:
        service.save_call(call, narrower, SECRETARIAT, WHILE_OPEN)
    assert set(refused.value.errors) == {"categories", "is_anonymous"}
    service.save_call(call, replace(DATA, categories=()), SECRETARIAT, WHILE_OPEN)
    assert call.categories == []
    with pytest.raises(InvalidCall):
        service.save_call(call, DATA, SECRETARIAT, WHILE_OPEN)


def test_criteria_keep_their_identity_and_those_left_out_go(context: Flask) -> None:
    call = draft()
    first, second = service.criteria_of(call)
    changed = [CriterionData("新しい基準"), replace(first, weight=70)]
    service.save_criteria(call, changed, SECRETARIAT, NOW)
    db.session.expire_all()
    kept = queries.get_call(call.id).criteria
    assert [(each.name, each.weight) for each in kept] == [("新しい基準", 1), (first.name, 70)]
    assert kept[1].id == first.id
    assert second.id not in {each.id for each in kept}


def test_a_public_call_keeps_a_criterion(context: Flask) -> None:
    with pytest.raises(InvalidCall):
        service.save_criteria(published(), [], SECRETARIAT, NOW)


def test_a_call_is_taken_back_and_published_again(context: Flask) -> None:
    call = published()
    steps.move_call(call, CallMove.UNPUBLISH, "文の直し", SECRETARIAT, NOW)
    assert (call.state, call.state_reason) == (CallState.DRAFT, "文の直し")
    steps.move_call(call, CallMove.PUBLISH, "", SECRETARIAT, NOW + MINUTE)
    assert (call.published_at, call.state_reason) == (NOW, "")


def test_a_cancelled_call_is_told_and_stays_as_it_is(context: Flask) -> None:
    call = published()
    steps.move_call(call, CallMove.CANCEL, "予算の都合", SECRETARIAT, NOW)
    entry = entries_of(call.id)[0]
    assert (entry.tag, entry.reason) == ("calls:call:cancelled", "予算の都合")
    with pytest.raises(Conflict):
        service.save_call(call, replace(DATA, title="x"), SECRETARIAT, NOW)


def test_results_come_after_the_deadline(context: Flask) -> None:
    call = published()
    with pytest.raises(IllegalMove):
        steps.move_call(call, CallMove.DECIDE, "", SECRETARIAT, WHILE_OPEN)
    steps.move_call(call, CallMove.DECIDE, "", SECRETARIAT, CLOSES)
    assert (call.state, call.decisions_released_at) == (CallState.DECIDED, CLOSES)


def test_the_outcome_is_written_with_a_look_at_the_revision(context: Flask) -> None:
    call = published()
    steps.write_outcome(call, "3件を採択しました。", SECRETARIAT, CLOSES, call.revision)
    with pytest.raises(Conflict):
        steps.write_outcome(call, "別の文", SECRETARIAT, CLOSES, call.revision - 1)
    with pytest.raises(InvalidCall):
        steps.write_outcome(call, "長" * 20_001, SECRETARIAT, CLOSES)
    assert call.outcome == "3件を採択しました。"


def test_a_copy_starts_clean(context: Flask) -> None:
    call = published(reviews_due_at=CLOSES + MINUTE)
    service.freeze_questions(call, WHILE_OPEN)
    call.last_number, call.outcome, call.announced_at = 12, "結果", WHILE_OPEN
    copy = service.copy_call(call, SECRETARIAT, CLOSES)
    assert (copy.state, copy.title) == (CallState.DRAFT, "サブWGの公募（写し）")
    assert copy.questions == call.questions
    assert [c.name for c in copy.criteria] == [c.name for c in call.criteria]
    assert not {c.id for c in copy.criteria} & {c.id for c in call.criteria}
    left_behind = (copy.opens_at, copy.closes_at, copy.reviews_due_at, copy.frozen_at,
                   copy.announced_at, copy.published_at)  # fmt: skip
    assert left_behind == (None,) * 6
    assert (copy.last_number, copy.outcome, copy.timetable) == (0, "", [])
    assert copy.copied_from_id == call.id
    statistics = queries.statistics_of(copy)
    assert (statistics.received, statistics.reviewers, statistics.waiting_questions) == (0, 0, 0)
    with pytest.raises(InvalidCall):
        steps.move_call(copy, CallMove.PUBLISH, "", SECRETARIAT, CLOSES)


def test_the_copy_of_a_long_name_fits(context: Flask) -> None:
    copy = service.copy_call(draft(title="長" * 120), SECRETARIAT, NOW)
    assert len(copy.title) == 120
    assert copy.title.endswith("（写し）")


def test_a_call_of_the_past_tells_what_is_not_known(context: Flask) -> None:
    known = CallData(
        CallKind.OTHER, "昔の公募",
        opens_at=start_of_day(today(NOW)), closes_at=end_of_day(today(NOW)),
    )  # fmt: skip
    for data in (known, CallData(CallKind.OTHER, "もっと昔の公募")):
        call = service.record_past_call(data, "採択：竹", SECRETARIAT, NOW, source_note="資料")
        assert (call.phase(NOW), call.has_times) == (Phase.DECIDED, False)
    assert queries.calls_to_announce(NOW) == []


def test_the_list_has_open_calls_first_and_hides_drafts(context: Flask) -> None:
    later = replace(DATA, closes_at=CLOSES + MINUTE)
    for data in (later, DATA):
        call = service.create_call(data, SECRETARIAT, NOW)
        service.save_criteria(call, CRITERIA, SECRETARIAT, NOW)
        steps.move_call(call, CallMove.PUBLISH, "", SECRETARIAT, NOW)
    coming = published(title="これから", opens_at=WHILE_OPEN + MINUTE)
    draft(title="下書き")
    names = [c.title for c in queries.calls_page(CallFilter(), False, WHILE_OPEN, 1).items]
    assert names == [DATA.title, DATA.title, coming.title]
    first = queries.calls_page(CallFilter(), False, WHILE_OPEN, 1).items[0]
    assert first.closes_at == CLOSES
    counts = queries.phase_counts(CallFilter(), True, WHILE_OPEN)
    assert (counts[Phase.OPEN], counts[Phase.UPCOMING], counts[Phase.DRAFT]) == (2, 1, 1)
    at_end = queries.phase_counts(CallFilter(), False, CLOSES)
    assert (at_end[Phase.OPEN], at_end[Phase.CLOSED], at_end[Phase.DRAFT]) == (1, 2, 0)


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (CallFilter(phase=Phase.UPCOMING), 1),
        (CallFilter(phase=Phase.OPEN), 0),
        (CallFilter(kind=CallKind.SUB_WG), 1),
        (CallFilter(kind=CallKind.PILOT), 0),
        (CallFilter(text="サブｗｇ　公募"), 1),
        (CallFilter(text="進め方"), 1),
        (CallFilter(text="100%"), 0),
    ],
)
def test_the_list_is_narrowed(context: Flask, wanted: CallFilter, number: int) -> None:
    published()
    assert queries.calls_page(wanted, False, NOW, 1).total == number
