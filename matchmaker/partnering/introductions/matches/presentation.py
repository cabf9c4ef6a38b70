"""A match in words: who the two are, their contacts, who does the next step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.core.clock import today
from matchmaker.organizations.models import Organization
from matchmaker.partnering.introductions.domain import Side
from matchmaker.partnering.introductions.matches import queries
from matchmaker.partnering.introductions.matches.models import Match, MatchPerson

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
    """Who wrote an entry: the organisation with the name, or the secretariat."""
    if side is None:
        return f"{SECRETARIAT} {name}".strip()
    return f"{organization_at(match, side).name} {name}".strip()
