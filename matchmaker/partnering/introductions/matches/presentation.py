"""A match in words: who the two are, their contacts, who does the next step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.formatting import format_date, format_moment, format_span
from matchmaker.organizations.models import Organization
from matchmaker.partnering.introductions.domain import Side, other_side
from matchmaker.partnering.introductions.matches import queries
from matchmaker.partnering.introductions.matches.domain import AppointmentState
from matchmaker.partnering.introductions.matches.models import (
    AgreedFact,
    Appointment,
    Match,
    MatchPerson,
)

SIDE_LABELS = {Side.TOWN: "ニーズの側", Side.BUSINESS: "シーズの側"}
SECRETARIAT = "事務局"


@dataclass(frozen=True, slots=True)
class ContactCard:
    """How one side is reached.

    Args:
        side: which of the two.
        organization: its name.
        department: of a need, if one was named.
        contact: telephone or mail as the post has them.
        people: name and mail of everybody who said yes or joined.
    """

    side: Side
    organization: str
    department: str
    contact: str
    people: tuple[tuple[str, str], ...]

    def lines(self) -> list[str]:
        """The card for a mail."""
        found = [self.organization, self.department, self.contact]
        return [
            *(line for line in found if line),
            *(f"{name}さん {mail}" for name, mail in self.people),
        ]


def organization_at(match: Match, side: Side) -> Organization:
    """The organisation of one side (loaded)."""
    pair = match.introduction
    return pair.sender if side == pair.from_side else pair.receiver


def contact_cards(match: Match, people: Sequence[MatchPerson] | None = None) -> list[ContactCard]:
    """Contacts of both sides, the town first. The caller has asked the policy."""
    people = queries.people_of(match) if people is None else people
    pair = match.introduction
    posts: dict[Side, Any] = {Side.TOWN: pair.need, Side.BUSINESS: pair.offering}
    return [
        ContactCard(
            side,
            organization_at(match, side).name,
            getattr(post, "department", None) or "",
            post.contact or "",
            tuple((p.user.name, p.user.email) for p in people if p.side is side),
        )
        for side, post in posts.items()
    ]


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that one side has to do before the talks go on.

    Args:
        side: whose turn it is; None where either side may do it.
        what: in words.
        until: a day or a moment in words, or what happens otherwise.
        anchor: the part of the shared page where it is done.
    """

    side: Side | None
    what: str
    until: str
    anchor: str


def waits_of(
    match: Match, appointments: Sequence[Appointment], facts: Sequence[AgreedFact], now: datetime
) -> list[Wait]:
    """What talks that go on wait for, and for whom: dates, facts, the next step.

    Args:
        appointments: of the match, with their dates.
        now: the present moment.
    """
    found = [
        _wait_for_date(each, now)
        for each in appointments
        if each.state is AppointmentState.PROPOSED
    ]
    found += [
        Wait(_other(fact.side), f"「{fact.label}」を確認する", "", "facts")
        for fact in facts
        if fact.confirmed_at is None
    ]
    if match.next_step and match.next_due_on is not None:
        until = f"{format_date(match.next_due_on)}まで"
        found.append(Wait(match.next_side, match.next_step, until, "next-step"))
    else:
        found.append(Wait(None, "次にすることが、まだ決まっていません", "", "next-step"))
    return found


def _wait_for_date(appointment: Appointment, now: datetime) -> Wait:
    last = max(each.starts_at for each in appointment.dates)
    if last <= now:
        return Wait(
            None, "打合せの候補の日を、もう一度出す", "候補の日はすべて過ぎました", "appointments"
        )
    until = f"いちばん遅い候補は{format_moment(last)}"
    return Wait(
        _other(appointment.side), f"「{appointment.title}」の日を選ぶ", until, "appointments"
    )


def _other(side: Side | None) -> Side | None:
    """Who answers what one side wrote; either one, where the secretariat wrote it."""
    return None if side is None else other_side(side)


def span_in_words(appointment: Appointment, starts_at: datetime) -> str:
    """From when to when, with the day of the week: people look at their calendars."""
    return format_span(starts_at, starts_at + timedelta(minutes=appointment.minutes))


def pair_in_words(match: Match) -> str:
    """Both organisations with their posts, two lines."""
    pair = match.introduction
    town, firm = (organization_at(match, side).name for side in Side)
    return f"ニーズ：{pair.need.title}（{town}）\nシーズ：{pair.offering.title}（{firm}）"


def match_facts(match: Match) -> dict[str, Any]:
    """What every mail about a match tells."""
    pair = match.introduction
    return {
        "need_title": pair.need.title,
        "offering_title": pair.offering.title,
        "town": organization_at(match, Side.TOWN).name,
        "firm": organization_at(match, Side.BUSINESS).name,
        "match_path": f"/matches/{match.id}",
        "made_on": today(match.created_at),
    }


def owner_choices(match: Match, people: Sequence[MatchPerson]) -> list[tuple[str, str]]:
    """Who may do the next step: each side as a whole, or one of its contacts."""
    found = []
    for side in Side:
        name = organization_at(match, side).name
        found.append((side.value, f"{name}（担当者）"))
        found += [(str(p.user_id), f"{name}：{p.user.name}さん") for p in people if p.side is side]
    return found


def owner_of(choice: str, people: Sequence[MatchPerson]) -> tuple[Side | None, uuid.UUID | None]:
    """Side and person of a choice made in a form; None when it is none of them."""
    if choice in list(Side):
        return Side(choice), None
    person = next((p for p in people if str(p.user_id) == choice), None)
    return (person.side, person.user_id) if person else (None, None)


def owner_in_words(match: Match) -> str:
    """Who does the next step."""
    if match.next_side is None:
        return ""
    name = organization_at(match, match.next_side).name
    return f"{name}：{match.next_owner.name}さん" if match.next_owner else f"{name}（担当者）"


def author_in_words(match: Match, side: Side | None, name: str) -> str:
    """Who wrote an entry: the organisation with the name, the secretariat, or the service."""
    if side is None and name == SYSTEM.name:
        return name
    if side is None:
        return f"{SECRETARIAT} {name}".strip()
    return f"{organization_at(match, side).name} {name}".strip()
