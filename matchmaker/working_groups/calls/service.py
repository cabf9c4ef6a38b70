"""Commands on calls. They flush and record events; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import update

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.questions.domain import Questionnaire, refuse_change_when_frozen
from matchmaker.working_groups.calls.content import (
    TITLE_LENGTH,
    CallData,
    CriterionData,
    cleaned,
    cleaned_criteria,
    criteria_problems,
    parent_problems,
    problems_of,
    publishing_problems,
    refuse,
    timetable_data,
    timetable_from,
)
from matchmaker.working_groups.calls.domain import (
    CALL_STATES,
    CallState,
    Phase,
)
from matchmaker.working_groups.calls.events import (
    QuestionsFrozen,
)
from matchmaker.working_groups.calls.models import Call, Criterion
from matchmaker.working_groups.calls.queries import kind_of_parent
from matchmaker.working_groups.calls.saving import keep, record_saved, refuse_old_revision

FROZEN = "提案が書かれ始めたため、{what}は変えられません。"
CHANGEABLE = frozenset({CallState.DRAFT, CallState.PUBLISHED})


def create_call(data: CallData, actor: Actor, now: datetime) -> Call:
    """Begin a call as a draft; the period may still be missing.

    Raises:
        InvalidCall: something does not fit; with messages by field.
    """
    data = cleaned(data)
    refuse(problems_of(data))
    call = _new_call(data, actor, now)
    db.session.flush()
    record_saved(call, actor, now, ["basics"])
    return call


def _new_call(data: CallData, actor: Actor, now: datetime) -> Call:
    call = Call(
        id=new_id(),
        state=CallState.DRAFT,
        questions=[],
        criteria=[],
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    _apply(call, data)
    db.session.add(call)
    return call


def _apply(call: Call, data: CallData) -> None:
    for name, value in asdict(data).items():
        setattr(call, name, value)
    call.categories = list(data.categories)
    call.timetable = timetable_data(data.timetable)


def data_of(call: Call) -> CallData:
    """What the secretariat wrote about the call, as it is stored."""
    return CallData(
        kind=call.kind,
        title=call.title,
        summary=call.summary,
        body=call.body,
        categories=tuple(call.categories),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        reviews_due_at=call.reviews_due_at,
        timetable=timetable_from(call.timetable),
        is_anonymous=call.is_anonymous,
        parent_group_id=call.parent_group_id,
    )


def save_call(
    call: Call, data: CallData, actor: Actor, now: datetime, expected_revision: int | None = None
) -> None:
    """Change text, period and timetable.

    Args:
        call: the call with its criteria.
        data: the new values.
        actor: who does it.
        now: the present moment.
        expected_revision: the revision the form was filled from.

    Raises:
        Conflict: somebody else saved it in between, or the call has ended.
        InvalidCall: something does not fit; with messages by field.
    """
    _refuse_late(call, expected_revision)
    data = cleaned(data)
    refuse({**problems_of(data), **_published_problems(call, data, now)})
    before = data_of(call)
    if before == data:
        return
    _apply(call, data)
    changed = [name for name, value in asdict(data).items() if asdict(before)[name] != value]
    keep(call, actor, now, ["basics"], changed)


def _published_problems(call: Call, data: CallData, now: datetime) -> dict[str, str]:
    """What may not be changed any more: the period once open, the circle once proposals exist."""
    found: dict[str, str] = {}
    if call.state is CallState.PUBLISHED:
        found = _period_changes(call, data, now)
    if call.frozen_at is not None and _narrows(call.categories, data.categories):
        found["categories"] = FROZEN.format(what="答えられる団体をせばめるように")
    if call.frozen_at is not None and data.is_anonymous != call.is_anonymous:
        found["is_anonymous"] = FROZEN.format(what="名前をふせるかどうか")
    return found


def _period_changes(call: Call, data: CallData, now: datetime) -> dict[str, str]:
    parent_kind = kind_of_parent(data.parent_group_id)
    if call.phase(now) is Phase.UPCOMING:
        return publishing_problems(data, call.criteria, parent_kind, now)
    found = parent_problems(data, parent_kind)
    if data.opens_at != call.opens_at:
        found["opens_at"] = "受付が始まったあとは、始まりの日時を変えられません。"
    if data.closes_at != call.closes_at:
        found["closes_at"] = (
            "受付が始まったあとは、ここで締切を変えられません。"
            "「締切を延ばす」で、理由をつけて延ばしてください。"
        )
    if not data.body:
        found["body"] = "公募の本文を入れてください。"
    return found


def _narrows(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether somebody who could answer cannot any more; an empty list means everybody."""
    return bool(after) and (not before or not set(before) <= set(after))


def save_questions(
    call: Call,
    questions: Questionnaire,
    actor: Actor,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change what a proposal is asked; once a proposal exists the questions stay as they are.

    Raises:
        Conflict: somebody else saved the call in between, or the questions are frozen.
    """
    _refuse_late(call, expected_revision)
    data = questions.to_data()
    refuse_change_when_frozen(
        call.frozen_at, call.questions, data, first="最初の提案",
        instead="どうしても変えるときは、この公募を中止し、写しを作ってください。",
    )  # fmt: skip
    if data != call.questions:
        call.questions = data
        keep(call, actor, now, ["questions"])


def save_criteria(
    call: Call,
    criteria: Sequence[CriterionData],
    actor: Actor,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change the criteria in their order; those left out are removed.

    Raises:
        Conflict: somebody else saved the call in between, or proposals exist already.
        InvalidCall: something does not fit; messages by ``criteria-<place>-<field>``.
    """
    _refuse_late(call, expected_revision)
    criteria = cleaned_criteria(criteria)
    refuse(criteria_problems(criteria))
    if call.state is CallState.PUBLISHED and not criteria:
        refuse({"criteria": "公開中の公募には、評価基準が1つ以上いります。"})
    before = criteria_of(call)
    stored = {each.id for each in before}
    if [(each if each.id in stored else None) for each in criteria] == before:
        return
    if call.frozen_at is not None:
        raise Conflict(FROZEN.format(what="評価基準"), "criteria")
    _write_criteria(call, criteria)
    keep(call, actor, now, ["criteria"])


def criteria_of(call: Call) -> list[CriterionData]:
    """The criteria as they are stored."""
    return [
        CriterionData(each.name, each.description, each.weight, each.points, each.id)
        for each in call.criteria
    ]


def _write_criteria(call: Call, criteria: Sequence[CriterionData]) -> None:
    known = {each.id: each for each in call.criteria}
    rows = []
    for position, data in enumerate(criteria):
        row = (known.get(data.id) if data.id else None) or Criterion(id=new_id())
        row.position, row.name, row.description = position, data.name, data.description
        row.weight, row.points = data.weight, data.points
        rows.append(row)
    call.criteria = rows


def copy_call(call: Call, actor: Actor, now: datetime) -> Call:
    """A new draft with the texts, questions and criteria of another call.

    Period, dates, numbers, reviewers, questions and answers and the outcome do not come along.
    """
    mark = "（写し）"
    data = CallData(
        kind=call.kind,
        title=f"{call.title[: TITLE_LENGTH - len(mark)]}{mark}",
        summary=call.summary,
        body=call.body,
        categories=tuple(call.categories),
        is_anonymous=call.is_anonymous,
        parent_group_id=call.parent_group_id,
    )
    copy = _new_call(data, actor, now)
    copy.copied_from_id, copy.questions = call.id, list(call.questions)
    _write_criteria(
        copy,
        [CriterionData(c.name, c.description, c.weight, c.points) for c in criteria_of(call)],
    )
    db.session.flush()
    record_saved(copy, actor, now, ["basics", "questions", "criteria"])
    return copy


def freeze_questions(call: Call, now: datetime, actor: Actor = SYSTEM) -> None:
    """Keep questions and criteria as they are from now on, since a proposal exists.

    A second call changes nothing, however many proposals begin at once.
    """
    statement = (
        update(Call).where(Call.id == call.id, Call.frozen_at.is_(None)).values(frozen_at=now)
    )
    result: Any = db.session.execute(statement)
    db.session.refresh(call, ["frozen_at"])
    if result.rowcount:
        record(QuestionsFrozen(actor=actor, now=now, subject_id=call.id))


def record_past_call(
    data: CallData,
    outcome: str,
    actor: Actor,
    now: datetime,
    *,
    source_note: str,
    source_url: str = "",
    has_times: bool = False,
) -> Call:
    """Add a call of the past with its outcome, for reference; nobody is told.

    Args:
        data: what is known of it; a period that the source does not tell stays empty.
        outcome: what became of it.
        actor: who does it.
        now: the present moment.
        source_note: where the facts come from.
        source_url: address of the source, or empty.
        has_times: whether the source tells the times of day of the period.
    """
    data = cleaned(data)
    refuse(problems_of(data))
    call = _new_call(data, actor, now)
    call.state, call.outcome, call.has_times = CallState.DECIDED, outcome, has_times
    call.published_at = call.announced_at = now
    call.source_note, call.source_url = source_note, source_url
    db.session.flush()
    record_saved(call, actor, now, ["past"])
    return call


def _refuse_late(call: Call, expected: int | None) -> None:
    if call.state not in CHANGEABLE:
        label = CALL_STATES.labels[call.state]
        raise Conflict(f"「{label}」の公募は変えられません。")
    refuse_old_revision(call, expected)
