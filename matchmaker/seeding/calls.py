"""Calls of the past from the reference data, and the calls of the demo: open, closed, decided."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import end_of_day, start_of_day, today
from matchmaker.core.db import db
from matchmaker.core.formatting import format_date
from matchmaker.questions.domain import Questionnaire
from matchmaker.seeding.files import DEMO, REFERENCE, Entry, read_entries, read_mapping
from matchmaker.seeding.moments import moment_of
from matchmaker.seeding.people import actor_of, person
from matchmaker.seeding.progress import Seeder
from matchmaker.seeding.working_groups import DEMO_KEY
from matchmaker.working_groups.calls.asking import AnswerData, ask_question, move_question
from matchmaker.working_groups.calls.content import CallData, CriterionData, TimetableEntry
from matchmaker.working_groups.calls.domain import CallKind, CallMove, CallQuestionMove
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_call, get_question
from matchmaker.working_groups.calls.reviewers import add_reviewer
from matchmaker.working_groups.calls.service import (
    create_call,
    record_past_call,
    save_criteria,
    save_questions,
)
from matchmaker.working_groups.calls.steps import move_call
from matchmaker.working_groups.groups.models import WorkingGroup

SOURCE = "経済産業省・環境省の公表資料（2025年3月まで）と最終報告書から、事実だけをまとめました"


def load_past_calls(seeder: Seeder) -> int:
    """The calls of the past; what the source does not tell stays empty and is told so."""
    facts = {
        entry["name"]: entry for entry in read_mapping(REFERENCE / "partnership.yaml")["calls"]
    }

    def load(entry: Entry) -> uuid.UUID:
        known = facts[entry["name"]]
        data, outcome = past_call(entry, known), outcome_in_words(known)
        call = record_past_call(data, outcome, SYSTEM, seeder.now, source_note=SOURCE)
        return call.id

    entries = read_entries(REFERENCE / "past_calls.yaml")
    return seeder.load_once("past-call", "name", entries, load)


def past_call(text: Entry, facts: Entry) -> CallData:
    """A call of the past; days without times count from their first to their last moment."""
    opens, closes = facts.get("open"), facts.get("close")
    return CallData(
        kind=CallKind(text["kind"]),
        title=text["name"],
        summary=text["summary"],
        body=text["body"] + activity_in_words(facts),
        opens_at=start_of_day(_day(opens)) if opens else None,
        closes_at=end_of_day(_day(closes)) if closes else None,
    )


def activity_in_words(facts: Entry) -> str:
    """From when until when the adopted groups worked, as exactly as the source tells."""
    period = facts.get("activity_period")
    if not period:
        return ""
    year, month = str(period[0]).split("-")[:2]
    last = format_date(_day(period[1]))
    return f"\n\n採択されたWGの活動期間：{year}年{int(month)}月から{last}まで"


def outcome_in_words(facts: Entry) -> str:
    """How many answers there were, and what was adopted."""
    adopted = "、".join(facts["adopted"])
    number = f"応募：{facts['applications']}件\n" if "applications" in facts else ""
    return f"{number}採択：{adopted}（{len(facts['adopted'])}件）"


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def load_demo_calls(seeder: Seeder) -> int:
    """The demo's calls with questions, criteria, reviewers, and what was asked about them."""

    def load(entry: Entry) -> uuid.UUID:
        begin = first_moment(entry, seeder)
        call = demo_call(entry, begin)
        for key in entry["reviewers"]:
            if seeder.knows(f"user:{key}"):
                add_reviewer(call, person(seeder, key), SYSTEM, call.opens_at or begin, mail=False)
        for question in (*entry["answered"], *entry["asked"]):
            _ask(call, question, begin, seeder)
        return call.id

    return seeder.load_story("call", "key", read_entries(DEMO / "calls.yaml"), load)


def first_moment(entry: Entry, seeder: Seeder) -> datetime:
    """The moment from which the days of a demo call count: now, or the first day of the group."""
    if "counts_from" not in entry:
        return seeder.now
    group = demo_group(seeder)
    return start_of_day(group.starts_on) if group.starts_on else group.created_at


def demo_group(seeder: Seeder) -> WorkingGroup:
    """The invented sub-WG.

    Raises:
        KeyError: it is not there.
    """
    group = db.session.get(WorkingGroup, seeder.record_id(f"demo-group:{DEMO_KEY}"))
    if group is None:
        raise KeyError(DEMO_KEY)
    return group


def demo_call(entry: Entry, begin: datetime) -> Call:
    """A published call as its file describes it."""
    opens_at = moment_of(entry["opens"], begin)
    written = opens_at - timedelta(days=1)
    call_id = create_call(_demo_data(entry, begin), SYSTEM, written).id
    call = get_call(call_id)
    call.is_demo = True
    criteria = [CriterionData(**criterion) for criterion in entry["criteria"]]
    save_criteria(call, criteria, SYSTEM, written)
    save_questions(call, Questionnaire.from_data(entry["questions"]), SYSTEM, written)
    move_call(call, CallMove.PUBLISH, "", SYSTEM, written)
    call.announced_at = opens_at  # nobody of the demo is told by mail
    db.session.flush()
    return call


def _demo_data(entry: Entry, begin: datetime) -> CallData:
    first = today(begin)
    return CallData(
        kind=CallKind(entry["kind"]),
        title=entry["title"],
        summary=entry["summary"],
        body=entry["body"],
        categories=tuple(entry["categories"]),
        opens_at=moment_of(entry["opens"], begin),
        closes_at=moment_of(entry["closes"], begin),
        reviews_due_at=moment_of(entry["reviews_due"], begin),
        timetable=tuple(
            TimetableEntry((first + timedelta(days=each["days"])).isoformat(), each["label"])
            for each in entry["timetable"]
        ),
        parent_group_id=_group_named(entry["parent"]),
    )


def _group_named(name: str) -> uuid.UUID | None:
    query = select(WorkingGroup.id).where(WorkingGroup.name == name).order_by(WorkingGroup.id)
    return db.session.scalars(query).first()


def _ask(call: Call, entry: Entry, begin: datetime, seeder: Seeder) -> None:
    """A question, and its answer where there is one."""
    at = begin + timedelta(days=entry["days"])
    asker = actor_of(seeder, entry["asker"])
    question = get_question(call.id, ask_question(call, entry["text"], asker, at, mail=False).id)
    if "answer" in entry:
        data = AnswerData(entry["published"], entry["answer"])
        answered = at + timedelta(days=1)
        move_question(question, CallQuestionMove.PUBLISH, data, "", SYSTEM, answered, mail=False)
