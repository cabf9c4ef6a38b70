"""Who may open the pages of the floor.

The event is public and on; the representative moderates it, the editor is registered by duty of
the reception. Others join by the code of the room first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.signed_links import sign
from matchmaker.regional_events.floor import polls
from matchmaker.regional_events.floor.desk_questions import write_down
from matchmaker.regional_events.floor.domain import PollMove, QuestionKind
from matchmaker.regional_events.floor.presentation import PROJECTION
from matchmaker.regional_events.floor.service import ensure_floor
from matchmaker.regional_events.planning.domain import Duty
from matchmaker.regional_events.planning.models import EventStaff
from matchmaker.regional_events.registrations.links import LinkPurpose, token_for
from tests.architecture.access_rules import (
    EDITOR,
    REPRESENTATIVE,
    SECRETARIAT,
    Row,
    Things,
    everyone,
    get,
    only,
    post,
)
from tests.regional_events.builders import make_event

EVENT: dict[str, Any] = {"event_id": "floor_event_id"}
QUESTION: dict[str, Any] = {**EVENT, "question_id": "floor_question_id"}
POLL: dict[str, Any] = {**EVENT, "poll_id": "floor_poll_id"}
DRAFT: dict[str, Any] = {**EVENT, "poll_id": "floor_draft_poll_id"}
TAKING_PART = (EDITOR, REPRESENTATIVE, SECRETARIAT)
RUNNING = (REPRESENTATIVE, SECRETARIAT)


def _rows() -> Iterator[Row]:
    yield get("floor_questions.index", everyone(), **EVENT)
    yield get("floor_questions.updates", only(*TAKING_PART), **EVENT)
    # Those who take part are led on; the others are asked for the code.
    yield get("floor_questions.enter", {**everyone(), **dict.fromkeys(TAKING_PART, 302)}, **EVENT)
    ticket = {**EVENT, "token": "floor_ticket"}
    yield get(
        "floor_questions.enter_by_ticket",
        {**everyone(422), **dict.fromkeys(TAKING_PART, 302)},
        **ticket,
    )
    asked = {"text": "費用は、だれが負担しますか"}
    yield post("floor_questions.create", only(*TAKING_PART, status=302), asked, **EVENT)
    yield post("floor_questions.vote", only(*TAKING_PART, status=302), {"wanted": "1"}, **QUESTION)
    # It is nobody's own question.
    yield post("floor_questions.withdraw", only(), **QUESTION)
    yield post("floor_questions.answer", only(*TAKING_PART, status=302), {"choice": "0"}, **POLL)
    yield get("floor_projections.show", everyone(), token="floor_screen")
    yield get("floor_projections.content", everyone(), token="floor_screen")
    yield from _desk()
    yield from _polls()


def _desk() -> Iterator[Row]:
    for page in ("index", "updates", "merges", "settings", "new"):
        yield get(f"floor_moderation.{page}", only(*RUNNING), **EVENT)
    yield get("floor_moderation.show", only(*RUNNING), **QUESTION)
    moved = {"move": "undo", "revision": "1"}
    yield post("floor_moderation.move", only(*RUNNING, status=302), moved, **QUESTION)
    worded = {"text": "整えた文", "revision": "1"}
    yield post("floor_moderation.reword", only(*RUNNING, status=302), worded, **QUESTION)
    yield post("floor_moderation.queue", only(*RUNNING, status=302), {"move": "add"}, **QUESTION)
    yield post("floor_moderation.separate", only(*RUNNING, status=302), **QUESTION)
    yield post("floor_moderation.merge", only(*RUNNING, status=404), **EVENT)
    yield post("floor_moderation.project", only(*RUNNING, status=302), **EVENT)
    yield post("floor_moderation.switch", only(*RUNNING, status=409), **EVENT)
    yield post("floor_moderation.renew", only(*RUNNING, status=302), {"what": "room"}, **EVENT)
    yield post("floor_moderation.create", only(*RUNNING, status=422), **EVENT)


def _polls() -> Iterator[Row]:
    yield get("floor_polls.index", only(*RUNNING), **EVENT)
    yield get("floor_polls.updates", only(*RUNNING), **EVENT)
    yield post("floor_polls.create", only(*RUNNING, status=422), **EVENT)
    yield get("floor_polls.edit", only(*RUNNING), **DRAFT)
    yield post("floor_polls.update", only(*RUNNING, status=422), **DRAFT)
    yield post("floor_polls.move", only(*RUNNING, status=302), {"move": "close"}, **POLL)
    yield post("floor_polls.remove", only(*RUNNING, status=302), **DRAFT)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An event that is on, with a question and two shows of hands."""
    now = clock.now()
    event = make_event(now, starts_at=now - timedelta(hours=1), opens_at=now - timedelta(days=9))
    for role, duty in ((REPRESENTATIVE, Duty.MODERATION), (EDITOR, Duty.RECEPTION)):
        user_id = world.ids[f"{role}_id"]
        db.session.add(EventStaff(event_id=event.id, user_id=user_id, duty=duty, created_at=now))
    question = write_down(event, "竹は使えますか", QuestionKind.QUESTION, None, SYSTEM, now)
    opened = polls.prepare_poll(event, "続けますか", ["はい", "いいえ"], SYSTEM, now, "opened")
    draft = polls.prepare_poll(event, "またやりますか", ["はい", "いいえ"], SYSTEM, now, "draft")
    polls.move_poll(event, opened, PollMove.OPEN, opened.revision, SYSTEM, now)
    floor = ensure_floor(event.id)
    floor.is_asking_open = True
    world.ids.update(
        floor_event_id=event.id,
        floor_question_id=question.id,
        floor_poll_id=opened.id,
        floor_draft_poll_id=draft.id,
        floor_screen=sign(PROJECTION, event.id, floor.projection_version),
        floor_ticket=token_for(LinkPurpose.TICKET, event.id, 1),
    )
