"""Who reads and writes the shared page of a match. Pure predicates."""

from __future__ import annotations

import uuid
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.partnering.introductions.domain import Side
from matchmaker.partnering.introductions.matches.domain import MatchState


class Pair(Protocol):
    """What the rules need to know of an introduction."""

    @property
    def from_side(self) -> Side:
        """Which side expressed the interest."""

    @property
    def sender_organization_id(self) -> uuid.UUID:
        """The organisation that did."""

    @property
    def receiver_organization_id(self) -> uuid.UUID:
        """The other organisation."""


class Shared(Protocol):
    """What the rules need to know of a match."""

    @property
    def state(self) -> MatchState:
        """Where it stands."""

    @property
    def introduction(self) -> Pair:
        """The introduction it came from."""


def organization_of(pair: Pair, side: Side) -> uuid.UUID:
    """The organisation of one side."""
    if side is pair.from_side:
        return pair.sender_organization_id
    return pair.receiver_organization_id


def other(side: Side) -> Side:
    """The other of the two."""
    return Side.BUSINESS if side is Side.TOWN else Side.TOWN


def side_of(actor: Actor, pair: Pair) -> Side | None:
    """The side the person writes (or else reads) for; None for the secretariat and strangers.

    Somebody who belongs to both writes for the side in which they may write, the town first.
    """
    for test in (actor.writes_for, actor.belongs_to):
        for side in Side:
            if test(organization_of(pair, side)):
                return side
    return None


def can_list(actor: Actor) -> bool:
    """People of an organisation have a list of their matches, the secretariat one of all."""
    return bool(actor.roles) or actor.is_secretariat


def can_view(actor: Actor, match: Shared) -> bool:
    """People of both organisations and the secretariat; for the record also once it is over."""
    return actor.is_secretariat or side_of(actor, match.introduction) is not None


def can_see_contacts(actor: Actor, match: Shared) -> bool:
    """Contacts are open as long as the two talk."""
    return match.state is MatchState.TALKING and can_view(actor, match)


def writes(actor: Actor, match: Shared) -> bool:
    """Writers of both organisations and the secretariat, whatever the state."""
    pair = match.introduction
    return actor.is_secretariat or any(
        actor.writes_for(organization_of(pair, side)) for side in Side
    )


def can_write(actor: Actor, match: Shared) -> bool:
    """Writers of both organisations and the secretariat, as long as the two talk."""
    return match.state is MatchState.TALKING and writes(actor, match)


def can_move(actor: Actor, match: Shared) -> bool:
    """Who may end the talks or take them up again: whoever writes for a side."""
    return match.state is not MatchState.UNDONE and writes(actor, match)


def can_join(actor: Actor, match: Shared) -> bool:
    """Who may stand as a contact: writers of a side, not the secretariat."""
    return can_write(actor, match) and side_of(actor, match.introduction) is not None
