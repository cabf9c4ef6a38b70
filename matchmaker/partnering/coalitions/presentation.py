"""What the pages of coalitions show: words, tables and the data of the map."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.formatting import format_number, format_range
from matchmaker.partnering.coalitions import policy
from matchmaker.partnering.coalitions.answers import Group, repair
from matchmaker.partnering.coalitions.domain import (
    COALITION_LABELS,
    MEMBER_LABELS,
    MEMBER_STATES,
    NOTHING,
    STANDING_LABELS,
    MemberMove,
    MemberSide,
    MemberState,
    Standing,
    Tonnes,
    standing_of,
)
from matchmaker.partnering.coalitions.gathering import (
    Gathered,
    Gatherer,
    Town,
    Wish,
    place_of,
)
from matchmaker.partnering.coalitions.geometry import Point
from matchmaker.partnering.coalitions.grouping import Aim
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember
from matchmaker.partnering.coalitions.service import agreed

UNIT = "t/年"
AIM_LABELS = {
    Aim.SMALLEST: "いちばん少ない数で届く",
    Aim.CHEAPEST: "運ぶ量と距離がいちばん小さい",
    Aim.EVENEST: "量がいちばんそろっている",
}
PERCENT = 100


def tonnes_text(tonnes: Tonnes) -> str:
    """``100〜300 t/年``; one number when both ends are equal."""
    return format_range(tonnes.low, tonnes.high, UNIT)


def basis_text(town: Town) -> str:
    """Where a quantity comes from."""
    if town.is_estimate:
        return "推計（人口から）"
    return "掲載（文章から）" if town.is_read else "掲載"


@dataclass(frozen=True)
class ShownGroup:
    """One answer as the page shows it.

    Args:
        titles: what it is best at.
        facts: rows of label and words.
        rows: its towns, for the table.
        places: for the map.
        keys: of its towns, as the form sends them back.
        gap: per cent that could still be saved at most, rounded up; empty when proven best.
        is_surest: it is known that no group reaches the lot more surely.
    """

    titles: Sequence[str]
    standing: str
    is_certain: bool
    facts: Sequence[tuple[str, str]]
    rows: Sequence[dict[str, Any]]
    places: Sequence[dict[str, Any]]
    keys: str
    gap: str
    is_surest: bool
    count: int


def shown_group(group: Group, gathered: Gathered, business: str) -> ShownGroup:
    """Words, table and map of one answer."""
    capacity = gathered.capacity
    limit = f"（空き {format_number(capacity, 3)} {UNIT} のうち）" if capacity is not None else ""
    return ShownGroup(
        titles=[AIM_LABELS[aim] for aim in group.aims],
        standing=STANDING_LABELS[group.standing],
        is_certain=group.standing is Standing.CERTAIN,
        facts=(
            ("合わせた量", tonnes_text(group.total) + limit),
            ("自治体の数", f"{len(group.towns)}団体"),
            ("運ぶ量×道のり", f"{format_number(group.transport, 0)} t・km/年"),
            ("いちばん多い所と少ない所の差", f"{format_number(group.spread)} t/年"),
        ),
        rows=[town_row(town, group.share_of(town)) for town in group.towns],
        places=map_places(gathered.plant, business, group.towns, gathered.towns),
        keys=",".join(town.key for town in group.towns),
        gap=str(math.ceil(group.gap * PERCENT)) if group.gap > 0 else "",
        is_surest=group.is_surest,
        count=len(group.towns),
    )


def town_row(town: Town, share: float | None = None) -> dict[str, Any]:
    """One line of a table of towns."""
    return {
        "town": town,
        "tonnes": tonnes_text(town.tonnes),
        "share": "" if share is None else f"{share * PERCENT:.0f}％",
        "km": f"{format_number(town.road_km, 0)} km",
        "basis": basis_text(town),
    }


def map_places(
    plant: Point,
    business: str,
    members: Sequence[Town],
    others: Sequence[Town],
    closers: Sequence[Town] = (),
) -> list[dict[str, Any]]:
    """Dots of the map: the plant, the members, those who would close a gap, other candidates."""
    inside = {town.key for town in (*members, *closers)}
    return [
        {"name": business, "kind": "plant", "lat": plant[0], "lng": plant[1], "text": ""},
        *(_place(town, "member") for town in members),
        *(_place(town, "asked") for town in closers),
        *(_place(town, "other") for town in others if town.key not in inside),
    ]


def _place(town: Town, kind: str) -> dict[str, Any]:
    latitude, longitude = town.point
    text = tonnes_text(town.tonnes)
    return {"name": town.name, "kind": kind, "lat": latitude, "lng": longitude, "text": text}


@dataclass(frozen=True)
class ShownMember:
    """A member with what the person may do about it."""

    member: CoalitionMember
    state: str
    tonnes: str
    reason: str
    may_answer: bool
    may_ask_again: bool
    waits_for_letter: bool

    @property
    def may_say_yes(self) -> bool:
        """Whether the answer is still open."""
        return self.may_answer and self.member.state is MemberState.INVITED


@dataclass(frozen=True)
class Standings:
    """How far a coalition is.

    Args:
        agreed, asked: tonnes of those who are in, and with those who have not answered.
        percent: share of the lot that is agreed, 0 to 100, by the upper end.
    """

    state: str
    agreed: str
    asked: str
    standing: str
    percent: int


def shown_members(coalition: Coalition, actor: Actor) -> list[ShownMember]:
    """All members in their order."""
    may_lead = policy.can_lead(actor, coalition)
    return [
        ShownMember(
            member=member,
            state=MEMBER_LABELS[member.state],
            tonnes=tonnes_text(member.tonnes) if member.side is MemberSide.TOWN else "—",
            reason=member.reason if policy.can_read_reason(actor, coalition, member) else "",
            may_answer=policy.can_answer(actor, coalition, member),
            may_ask_again=may_lead and MemberMove.ASK_AGAIN in MEMBER_STATES.possible(member.state),
            waits_for_letter=member.organization_id is None and member.letter_sent_at is None,
        )
        for member in coalition.members
    ]


def standings(coalition: Coalition) -> Standings:
    """Sums and words of how far a coalition is."""
    total = agreed(coalition)
    asked = sum((m.tonnes for m in coalition.members if m.state is not MemberState.OUT), NOTHING)
    share = min(1.0, float(total.high / coalition.lot_tonnes))
    return Standings(
        state=COALITION_LABELS[coalition.state],
        agreed=tonnes_text(total),
        asked=tonnes_text(asked),
        standing=STANDING_LABELS[standing_of(total, coalition.lot_tonnes)],
        percent=int(share * PERCENT),
    )


def wish_of(coalition: Coalition, need: Any, offering: Any) -> Wish:
    """The search that a coalition came from, with posts whose organisation is loaded."""
    has_estimates = any(member.is_estimate for member in coalition.members)
    return Wish(
        offering, coalition.material_code, need, coalition.max_km, coalition.max_members,
        has_estimates,
    )  # fmt: skip


@dataclass(frozen=True)
class Repair:
    """How a group with refusals can reach the lot again.

    Args:
        rows: towns to ask besides; empty when nothing is missing.
        keys: of these towns.
        is_possible: whether any towns would do.
        is_complete: whether it is known that none would do.
    """

    rows: Sequence[dict[str, Any]]
    keys: str
    is_possible: bool
    is_complete: bool


def repair_of(coalition: Coalition, wish: Wish) -> Repair:
    """The fewest further towns to ask, given the answers so far.

    Raises:
        ProductError: the offering has lost its minimum lot or its place.
    """
    gathered = Gatherer(wish).gather()
    gone = {key_of(m) for m in coalition.members if m.state is MemberState.OUT}
    kept = [
        _as_town(member)
        for member in coalition.members
        if member.side is MemberSide.TOWN and member.state is not MemberState.OUT
    ]
    found = repair(gathered, kept, gone, coalition.max_members)
    return Repair(
        rows=[town_row(town) for town in found.towns],
        keys=",".join(town.key for town in found.towns),
        is_possible=found.is_possible,
        is_complete=found.is_complete,
    )


def key_of(member: CoalitionMember) -> str:
    """The key of a member among candidates."""
    return f"need:{member.need_id}" if member.need_id else f"town:{member.municipality_code}"


def _as_town(member: CoalitionMember) -> Town:
    return Town(
        key=key_of(member),
        name=member.name,
        code=member.municipality_code,
        organization_id=member.organization_id,
        need=member.need,
        tonnes=member.tonnes,
        road_km=float(member.road_km or 0),
        point=_point(member) or (0.0, 0.0),
    )


def _point(member: CoalitionMember) -> Point | None:
    """Where a town is: its town hall, or the place of its post where it has no code."""
    town = member.municipality
    if town is not None:
        return town.latitude, town.longitude
    for each in (member.need, member.organization):
        if each is not None and each.latitude is not None and each.longitude is not None:
            return each.latitude, each.longitude
    return None


def coalition_places(coalition: Coalition, offering: Any) -> list[dict[str, Any]]:
    """Dots of a coalition's map: the plant and its towns, by their answers."""
    places = []
    plant = place_of(offering)
    if plant is not None:
        name = offering.organization.name
        places.append({"name": name, "kind": "plant", "lat": plant[0], "lng": plant[1], "text": ""})
    for member in coalition.members:
        point = _point(member)
        if member.side is MemberSide.TOWN and point is not None:
            kind = {MemberState.IN: "member", MemberState.INVITED: "asked"}.get(
                member.state, "other"
            )
            text = f"{MEMBER_LABELS[member.state]}・{tonnes_text(member.tonnes)}"
            places.append(
                {"name": member.name, "kind": kind, "lat": point[0], "lng": point[1], "text": text}
            )
    return places


def concerns(actor: Actor) -> Sequence[uuid.UUID] | None:
    """Organisations whose coalitions the person sees in the list; None for all of them."""
    return None if actor.is_secretariat else list(actor.roles)
