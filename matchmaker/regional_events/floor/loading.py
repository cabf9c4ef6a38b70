"""What every page of the floor begins with."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import request

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.regional_events.floor import policy
from matchmaker.regional_events.floor.domain import takes_guests, takes_questions, takes_votes
from matchmaker.regional_events.floor.keys import read_pass
from matchmaker.regional_events.floor.models import Floor
from matchmaker.regional_events.floor.policy import Voice
from matchmaker.regional_events.floor.queries import floor_of
from matchmaker.regional_events.floor.voices import voice_of
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.invitations import standing_here
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.policy import EventStanding, can_view, is_staff
from matchmaker.regional_events.planning.queries import get_event

COOKIE = "floor_pass"


@dataclass(frozen=True, slots=True)
class OpenFloor:
    """Where a page of the floor stands.

    Args:
        event: with series, organisers and tracks.
        floor: what is taken and projected.
        voice: the person as the floor knows them; None for somebody who did not join.
        now: the moment of the request.
    """

    event: RegionalEvent
    floor: Floor
    actor: Actor
    standing: EventStanding
    voice: Voice | None
    now: datetime

    @property
    def reads(self) -> bool:
        """Whether the person reads what was asked."""
        return policy.can_read_floor(self.actor, self.standing, self.voice)

    @property
    def moderates(self) -> bool:
        """Whether the person runs the floor."""
        return policy.can_run_floor(self.actor, self.standing)

    @property
    def knows_event(self) -> bool:
        """Whether the person may know of the event, joined or not."""
        return can_view(self.actor, self.event, self.standing)

    @property
    def asks(self) -> bool:
        """Whether the person may send something now."""
        return self.voice is not None and takes_questions(
            self.event, self.floor, self.now, is_guest=self.voice.is_guest
        )

    @property
    def votes(self) -> bool:
        """Whether the person may support questions now."""
        return self.voice is not None and takes_votes(self.event, self.floor, self.now)

    @property
    def admits_guests(self) -> bool:
        """Whether the code in the room lets people join now."""
        return takes_guests(self.event, self.floor, self.now)

    @property
    def key(self) -> str:
        """The person's pseudonym; empty for none."""
        return self.voice.key if self.voice else ""


def load_floor(event_id: uuid.UUID) -> OpenFloor:
    """The floor of an event with the person of this request; nothing is authorised yet. In a draft
    only its staff has a voice.

    Raises:
        NotFound: there is no such event.
    """
    now, actor = clock.now(), current_actor()
    event = get_event(event_id)
    standing = standing_here(actor, event_id)
    shown = read_pass(event_id, request.cookies.get(COOKIE, ""))
    is_known = event.state is not EventState.DRAFT or is_staff(actor, standing)
    voice = voice_of(event_id, actor, standing, shown) if is_known else None
    return OpenFloor(event, floor_of(event_id), actor, standing, voice, now)


def open_floor(event_id: uuid.UUID) -> tuple[OpenFloor, Voice]:
    """The floor for somebody who takes part, with their voice.

    Raises:
        Unauthorized, NotFound, NotAllowed: the person did not join.
    """
    opened = load_floor(event_id)
    authorize(policy.can_ask(opened.voice), hidden=not opened.knows_event)
    assert opened.voice is not None  # noqa: S101 - the policy has just said so
    return opened, opened.voice


def open_desk(event_id: uuid.UUID) -> OpenFloor:
    """The floor for its moderators.

    Raises:
        Unauthorized, NotFound, NotAllowed: the person does not run it.
    """
    opened = load_floor(event_id)
    authorize(opened.moderates, hidden=not opened.knows_event)
    return opened


def fingerprint(parts: Iterable[object]) -> str:
    """A short name of what a page shows, so that asking for news brings nothing when there is
    none: the page stays as it is, and with it whatever somebody is about to press."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:16]
