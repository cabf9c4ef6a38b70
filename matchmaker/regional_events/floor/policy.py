"""Who reads, asks and votes on the floor. Pure predicates."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning.policy import EventStanding, can_moderate, is_staff


@dataclass(frozen=True, slots=True)
class Voice:
    """A person as the floor knows them: one key an event, whatever the way in.

    Args:
        key: pseudonym within the event.
        user_id: the account, when signed in (or when the ticket belongs to one).
        attendee_id: the person of a registration, when known.
        name: from the account or the registration; empty for guests.
        is_guest: whether the person joined by the code in the room, without registration.
    """

    key: str
    user_id: uuid.UUID | None = None
    attendee_id: uuid.UUID | None = None
    name: str = ""
    is_guest: bool = False


class Asked(Protocol):
    """What the rules need to know of a question."""

    @property
    def author_key(self) -> str:
        """Pseudonym of whoever asked."""


def belongs_to_event(standing: EventStanding) -> bool:
    """Whether somebody who is signed in speaks up without the code of the room."""
    return standing.is_registered or standing.has_attended or bool(standing.duties)


def can_read_floor(actor: Actor, standing: EventStanding, voice: Voice | None) -> bool:
    """Whether the person reads accepted questions and answers, on the day and afterwards."""
    return voice is not None or is_staff(actor, standing)


def can_ask(voice: Voice | None) -> bool:
    """Whether the person may send questions (moments and limits are checked apart)."""
    return voice is not None


def can_withdraw(question: Asked, voice: Voice | None) -> bool:
    """Whether the person takes back a question: only whoever asked it does."""
    return voice is not None and question.author_key == voice.key


def can_run_floor(actor: Actor, standing: EventStanding) -> bool:
    """Whether the person sorts questions, merges, projects and opens shows of hands."""
    return can_moderate(actor, standing)
