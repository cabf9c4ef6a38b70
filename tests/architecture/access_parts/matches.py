"""Who may open the pages of matches, and of questions to posts.

The match is that of the need and the offering that wait for the secretariat's word, so that the
published pair stays free. Owners belong to both sides; the reader reads only.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.accounts.queries import roles_in_organizations
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, OrganizationRole
from matchmaker.core.db import db, new_id
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.offerings.models import Offering
from matchmaker.partnering.introductions.domain import (
    IntroductionMove,
    IntroductionState,
    Side,
    Source,
)
from matchmaker.partnering.introductions.events import IntroductionMoved
from matchmaker.partnering.introductions.matches import appointments, facts, files, queries
from matchmaker.partnering.introductions.matches.appointments import Proposal
from matchmaker.partnering.introductions.matches.consequences import begin_match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.post_questions import service as questions
from matchmaker.posts import queries as post_queries
from tests.architecture.access_rules import (
    OPERATOR,
    OWNERS,
    READER,
    REPRESENTATIVE,
    REVIEWER,
    SECRETARIAT,
    STRANGER,
    WRITERS,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)

MATCH: dict[str, Any] = {"match_id": "match_id"}
FACT: dict[str, Any] = {**MATCH, "fact_id": "match_fact_id"}
FILE: dict[str, Any] = {**MATCH, "file_id": "match_file_id"}
DATES: dict[str, Any] = {**MATCH, "appointment_id": "match_appointment_id"}
QUESTIONS: dict[str, Any] = {"kind": "needs", "post_id": "published_need_id"}
QUESTION: dict[str, Any] = {**QUESTIONS, "question_id": "post_question_id"}
EMPTY = {"value": "", "starts_at-year": "0"}
"""Something is sent, so that forms do not fall back to what stands."""

FORMS = (
    ("end", MATCH), ("new_fact", MATCH), ("edit_fact", FACT), ("new_file", MATCH),
    ("edit_next_step", MATCH), ("propose_dates", MATCH), ("shift", DATES), ("cancel", DATES),
)  # fmt: skip
BUTTONS = (
    ("join", MATCH), ("resume", MATCH), ("confirm_fact", FACT), ("remove_fact", FACT),
    ("remove_file", FILE), ("finish_next_step", MATCH), ("agree", DATES),
)  # fmt: skip


def _writers(status: int = 200) -> Statuses:
    return {**hidden_except(*WRITERS, SECRETARIAT, status=status), READER: 403}


def _readers(status: int = 200) -> Statuses:
    return hidden_except(*OWNERS, SECRETARIAT, status=status)


def _matches() -> Iterator[Row]:
    yield get("matches.index", only(*OWNERS, STRANGER, SECRETARIAT))
    yield get("matches.show", _readers(), **MATCH)
    yield post("matches.post_message", _writers(422), **MATCH)
    for page, values in FORMS:
        yield get(f"matches.{page}", _writers(), **values)
        yield post(f"matches.{page}", _writers(422), EMPTY, **values)
    for button, values in BUTTONS:
        yield post(f"matches.{button}", _writers(302), **values)
    yield post("matches.leave", _readers(302), **MATCH)
    yield get("matches.show_file", _readers(), **FILE)
    yield get("matches.calendar", _readers(), **DATES)


def _questions() -> Iterator[Row]:
    askers = (STRANGER, REVIEWER, SECRETARIAT, OPERATOR)
    answerers = (*WRITERS, SECRETARIAT)
    yield get("post_questions.index", everyone(), **QUESTIONS)
    yield post("post_questions.ask", only(*askers, status=422), **QUESTIONS)
    yield get("post_questions.show", hidden_except(*answerers), **QUESTION)
    move = {"move": "answer", "revision": "1"}
    yield post("post_questions.move", hidden_except(*answerers, status=422), move, **QUESTION)


ROWS: tuple[Row, ...] = (*_matches(), *_questions())


def add_things(world: Things) -> None:
    """A match with a fact, a file and an agreed date; a question to the published need."""
    now = clock.now()
    need = db.session.get_one(Need, world.ids["submitted_need_id"])
    offering = db.session.get_one(Offering, world.ids["submitted_offering_id"])
    maker = _representative(world, offering.organization_id)
    officer = _representative(world, need.organization_id)
    match = queries.get(_match(need, offering, maker))
    fact = facts.add(match, "量", "年120トン", maker, now)
    file = files.add(match, "見積もり.txt", "1トン1万円".encode(), "", maker, now)
    dates = Proposal("打合せ", "", 60, [now + timedelta(days=7)])
    proposed = appointments.propose(match, dates, maker, now)
    appointment = queries.get_appointment(match.id, proposed.id)
    appointments.agree(match, appointment, appointment.dates[0].id, officer, now)
    published = post_queries.get(NEED, world.ids["published_need_id"])
    asked = _ask(published, world.ids[f"{STRANGER}_id"])
    world.ids.update(
        match_id=match.id, match_fact_id=fact.id, match_file_id=file.id,
        match_appointment_id=appointment.id, post_question_id=asked,
    )  # fmt: skip


def _representative(world: Things, organization_id: uuid.UUID) -> Actor:
    roles = {organization_id: OrganizationRole.REPRESENTATIVE}
    return Actor(user_id=world.ids[f"{REPRESENTATIVE}_id"], name="代表", roles=roles)


def _match(need: Need, offering: Offering, maker: Actor) -> uuid.UUID:
    now = clock.now()
    introduction = Introduction(
        id=new_id(), need_id=need.id, offering_id=offering.id, from_side=Side.BUSINESS,
        source=Source.SEARCH, sender_organization_id=offering.organization_id,
        receiver_organization_id=need.organization_id, sender_id=maker.user_id, note="", wish="",
        state=IntroductionState.ACCEPTED, answer_due_at=now + timedelta(days=14),
        turn_began_at=now, closes=0, revision=1, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(introduction)
    db.session.flush()
    begin_match(
        IntroductionMoved(
            actor=SYSTEM, now=now, subject_id=introduction.id, move=IntroductionMove.ACCEPT,
            before=IntroductionState.OPEN, after=IntroductionState.ACCEPTED,
        )
    )  # fmt: skip
    match = queries.of_introduction(introduction.id)
    assert match is not None
    return match.id


def _ask(need: Any, user_id: uuid.UUID) -> uuid.UUID:
    asker = Actor(user_id=user_id, name="質問者", roles=roles_in_organizations(user_id))
    asked = questions.ask(
        NEED, need, "竹は割ってありますか。", is_named=False, key="", actor=asker, now=clock.now()
    )
    return asked.id
