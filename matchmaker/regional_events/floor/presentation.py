"""Words and pictures of the floor for templates."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from matchmaker.core import signed_links
from matchmaker.core.qr_codes import qr_picture
from matchmaker.core.settings import current_settings
from matchmaker.regional_events.floor.domain import (
    POLL_STATES,
    QUESTION_KIND_LABELS,
    QUESTION_SOURCE_LABELS,
    QUESTION_STATES,
    QuestionState,
)
from matchmaker.regional_events.floor.keys import room_code
from matchmaker.regional_events.floor.models import Floor, FloorQuestion
from matchmaker.regional_events.floor.queries import Projection

PROJECTION = "floor-projection"
OWN_STATES = {
    QuestionState.NEW: ("wait", "進行担当が確認しています"),
    QuestionState.ACCEPTED: ("open", "公開中です"),
    QuestionState.REJECTED: ("closed", "見送りになりました"),
    QuestionState.ANSWERED: ("open", "回答がありました"),
    QuestionState.MERGED: ("open", "似た質問とまとめました"),
    QuestionState.WITHDRAWN: ("draft", "取り下げました"),
}
STATE_KINDS = {
    QuestionState.NEW: "wait",
    QuestionState.ACCEPTED: "open",
    QuestionState.REJECTED: "closed",
    QuestionState.ANSWERED: "draft",
    QuestionState.MERGED: "draft",
    QuestionState.WITHDRAWN: "closed",
}


@dataclass(frozen=True, slots=True)
class RoomEntrance:
    """How people in the room join: a code to type and the same as a picture."""

    code: str
    address: str
    page: str
    picture: Markup


def room_entrance(floor: Floor, now: datetime) -> RoomEntrance:
    """The present code of the room."""
    code = room_code(floor.event_id, floor.join_version, now)
    public = current_settings().resolved_public_url()
    page = f"{public}{url_for('floor_questions.enter', event_id=floor.event_id)}"
    address = f"{page}?code={code}"
    return RoomEntrance(code, address, page, Markup(qr_picture(address)))  # noqa: S704 - our own


def projection_url(floor: Floor) -> str:
    """The link of the hall's computer; it needs no sign-in."""
    token = signed_links.sign(PROJECTION, floor.event_id, floor.projection_version)
    public = current_settings().resolved_public_url()
    return f"{public}{url_for('floor_projections.show', token=token)}"


def projected_event(token: str) -> tuple[uuid.UUID, int]:
    """The event and the version that a projection's link names.

    Raises:
        InvalidLink: it is none of ours.
    """
    return signed_links.read(PROJECTION, token)


def projection_marks(projection: Projection) -> list[object]:
    """What tells one picture in the hall from another one."""
    question, poll = projection.question, projection.poll
    return [
        question and (question.question.id, question.question.revision, question.votes),
        poll and (poll.poll.id, poll.poll.revision, *poll.counts),
        [(each.question.id, each.question.text, each.votes) for each in projection.upcoming],
    ]


def asker(question: FloorQuestion) -> str:
    """Who asked, as everybody may read it: the name only on wish."""
    named = question.shows_name and question.author_name
    return f"{question.author_name}さん" if named else "名前なし"


def floor_words() -> dict[str, Any]:
    """What templates need to put the floor into words."""
    return {
        "floor_words": {
            "kinds": QUESTION_KIND_LABELS,
            "sources": QUESTION_SOURCE_LABELS,
            "states": QUESTION_STATES.labels,
            "state_kinds": STATE_KINDS,
            "own_states": OWN_STATES,
            "poll_states": POLL_STATES.labels,
            "asker": asker,
        }
    }
