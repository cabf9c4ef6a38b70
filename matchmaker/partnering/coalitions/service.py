"""Commands of coalitions: form one, answer, ask more towns, give it up; letters."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.partnering.coalitions import queries
from matchmaker.partnering.coalitions.choosing import CHANGED, check_group, chosen_towns
from matchmaker.partnering.coalitions.domain import (
    COALITION_STATES,
    LIVE_STATES,
    MEMBER_STATES,
    MEMBERS_MOST,
    NOTHING,
    CoalitionMove,
    CoalitionState,
    MemberMove,
    MemberSide,
    MemberState,
    Standing,
    Tonnes,
    standing_of,
)
from matchmaker.partnering.coalitions.events import (
    CoalitionClosed,
    CoalitionFormed,
    CoalitionMemberAnswered,
    CoalitionMemberAsked,
    CoalitionReached,
)
from matchmaker.partnering.coalitions.gathering import Gathered, Gatherer, Town, Wish
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember

OVER = "空いている能力（{capacity:,.0f} t/年）をこえるため、声をかけられません。"


@dataclass(frozen=True, slots=True)
class Choice:
    """The group that a person chose.

    Args:
        keys: of its towns, as :class:`Town` has them.
        note: words to those asked.
        submission_key: of the form; a second press forms nothing more.
    """

    keys: Sequence[str]
    note: str
    submission_key: str


def form(wish: Wish, choice: Choice, actor: Actor, now: datetime) -> Coalition:
    """Keep a chosen group and ask its towns and the business, all at once.

    Who forms it is in at once when the actor writes for them; everybody else is asked.

    Raises:
        ProductError: a chosen town is no candidate any more, or the group breaks a rule.
    """
    before = queries.with_submission_key(choice.submission_key)
    if before is not None:
        return before
    gathered = Gatherer(wish).gather()
    towns = chosen_towns(gathered, choice.keys)
    check_group(gathered, towns)
    coalition_id = new_id()
    if not _insert(coalition_id, wish, choice, gathered, actor, now):
        return _formed_meanwhile(choice.submission_key)
    members = [_business(wish), *(_member(town) for town in towns)]
    for position, member in enumerate(members):
        member.id, member.coalition_id, member.position = new_id(), coalition_id, position
    db.session.add_all(members)
    db.session.flush()
    _record_formed(queries.get(coalition_id), wish, actor, now)
    return queries.get(coalition_id)


def _insert(
    coalition_id: uuid.UUID,
    wish: Wish,
    choice: Choice,
    gathered: Gathered,
    actor: Actor,
    now: datetime,
) -> bool:
    post = wish.need or wish.offering
    statement = insert(Coalition).values(
        id=coalition_id,
        offering_id=wish.offering.id,
        need_id=wish.need.id if wish.need else None,
        material_code=wish.material_code,
        organization_id=post.organization_id,
        created_by_id=actor.user_id,
        lot_tonnes=gathered.lot,
        capacity_tonnes=gathered.capacity,
        max_km=wish.max_km,
        max_members=wish.max_members,
        note=choice.note,
        state=CoalitionState.FORMING,
        state_reason="",
        submission_key=choice.submission_key,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    return insert_or_skip(db.session(), statement, ["submission_key"]) == 1


def _formed_meanwhile(submission_key: str) -> Coalition:
    found = queries.with_submission_key(submission_key)
    if found is None:
        raise Conflict(CHANGED)
    return found


def _business(wish: Wish) -> CoalitionMember:
    return CoalitionMember(
        side=MemberSide.BUSINESS,
        organization_id=wish.offering.organization_id,
        low_tonnes=Decimal(0),
        high_tonnes=Decimal(0),
        state=MemberState.INVITED,
        asked_count=1,
    )


def _member(town: Town) -> CoalitionMember:
    return CoalitionMember(
        side=MemberSide.TOWN,
        organization_id=town.organization_id,
        municipality_code=town.code,
        need_id=town.need.id if town.need else None,
        low_tonnes=town.tonnes.low,
        high_tonnes=town.tonnes.high,
        is_estimate=town.is_estimate,
        road_km=Decimal(str(round(town.road_km, 1))),
        state=MemberState.INVITED,
        asked_count=1,
    )


def _record_formed(coalition: Coalition, wish: Wish, actor: Actor, now: datetime) -> None:
    need_ids = tuple(each.need_id for each in coalition.members if each.need_id is not None)
    record(
        CoalitionFormed(
            actor=actor, now=now, subject_id=coalition.id, need_ids=need_ids,
            organization_id=coalition.organization_id, offering_id=coalition.offering_id,
            details={"members": len(coalition.members) - 1},
        )
    )  # fmt: skip
    for member in coalition.members:
        is_own = member.organization_id == coalition.organization_id
        is_start = wish.need is None or member.side is MemberSide.TOWN
        if is_own and is_start and actor.writes_for(member.organization_id):
            _answered(coalition, member, MemberState.IN, "", actor, now)
        else:
            _asked(coalition, member, actor, now)


def _asked(coalition: Coalition, member: CoalitionMember, actor: Actor, now: datetime) -> None:
    _fall_back(coalition)
    record(
        CoalitionMemberAsked(
            actor=actor, now=now, subject_id=coalition.id, member_id=member.id,
            organization_id=member.organization_id, count=member.asked_count,
        )
    )  # fmt: skip


def answer(
    coalition_id: uuid.UUID,
    member_id: uuid.UUID,
    move: MemberMove,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Coalition:
    """Say yes or no for a member, or leave again. The same answer twice does nothing more.

    Raises:
        NotFound: there is no such member.
        IllegalMove: the coalition was given up, or the step is not possible any more.
        ProductError: a reason is missing.
    """
    coalition = queries.locked(coalition_id)
    member = member_with(coalition, member_id)
    if member.state is MEMBER_STATES.moves[move].target:
        return coalition
    _check_live(coalition)
    state = MEMBER_STATES.check(member.state, move, reason)
    _answered(coalition, member, state, reason, actor, now)
    _reach(coalition, actor, now)
    return coalition


def member_with(coalition: Coalition, member_id: uuid.UUID) -> CoalitionMember:
    """A member of a coalition by its id.

    Raises:
        NotFound: there is none.
    """
    for member in coalition.members:
        if member.id == member_id:
            return member
    raise NotFound


def _check_live(coalition: Coalition) -> None:
    if coalition.state not in LIVE_STATES:
        raise Conflict("この連合は、とりやめになりました。")


def _answered(
    coalition: Coalition,
    member: CoalitionMember,
    state: MemberState,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    member.state, member.reason, member.answered_at = state, reason, now
    member.answered_by_id, member.revision = actor.user_id, member.revision + 1
    coalition.updated_at, coalition.revision = now, coalition.revision + 1
    db.session.flush()
    _fall_back(coalition)
    record(
        CoalitionMemberAnswered(
            actor=actor, now=now, subject_id=coalition.id, member_id=member.id,
            organization_id=member.organization_id, is_in=state is MemberState.IN, reason=reason,
            details={"for": member.name},
        )
    )  # fmt: skip


def agreed(coalition: Coalition) -> Tonnes:
    """What the towns that are in bring together, tonnes a year."""
    return sum((m.tonnes for m in coalition.members if m.state is MemberState.IN), NOTHING)


def _is_reached(coalition: Coalition) -> bool:
    """Nobody is still asked, the business is in, and those who are in reach the lot."""
    business = [m.state for m in coalition.members if m.side is MemberSide.BUSINESS]
    asked = any(m.state is MemberState.INVITED for m in coalition.members)
    is_enough = standing_of(agreed(coalition), coalition.lot_tonnes) is not Standing.SHORT
    return is_enough and not asked and business == [MemberState.IN]


def _fall_back(coalition: Coalition) -> None:
    """A reached coalition that is not complete any more goes back to asking.

    It comes before the event of its cause, so that whoever follows the event reads the new state.
    """
    if coalition.state is CoalitionState.REACHED and not _is_reached(coalition):
        coalition.state = COALITION_STATES.check(coalition.state, CoalitionMove.FALL_BACK)
        coalition.reached_at = None
        db.session.flush()


def _reach(coalition: Coalition, actor: Actor, now: datetime) -> None:
    """A coalition whose answers are complete is reached."""
    if coalition.state is CoalitionState.FORMING and _is_reached(coalition):
        coalition.state = COALITION_STATES.check(coalition.state, CoalitionMove.REACH)
        coalition.reached_at = now
        db.session.flush()
        record(
            CoalitionReached(
                actor=actor, now=now, subject_id=coalition.id,
                organization_id=coalition.organization_id,
            )
        )  # fmt: skip


def ask_more(
    coalition_id: uuid.UUID, keys: Collection[str], wish: Wish, actor: Actor, now: datetime
) -> Coalition:
    """Ask further towns. Towns that are in the coalition already are not asked twice.

    Raises:
        Conflict: the coalition was given up.
        ProductError: a town is no candidate any more, there are too many, or the plant is full.
    """
    coalition = queries.locked(coalition_id)
    _check_live(coalition)
    towns = chosen_towns(Gatherer(wish).gather(), keys)
    known = {m.municipality_code for m in coalition.members if m.municipality_code}
    known_needs = {m.need_id for m in coalition.members if m.need_id}
    fresh = [
        town
        for town in towns
        if town.code not in known and (town.need is None or town.need.id not in known_needs)
    ]
    _check_room(coalition, fresh)
    for town in fresh:
        member = _member(town)
        member.id, member.position = new_id(), len(coalition.members)
        coalition.members.append(member)
    coalition.updated_at, coalition.revision = now, coalition.revision + 1
    db.session.flush()
    for member in coalition.members[len(coalition.members) - len(fresh) :]:
        _asked(coalition, member, actor, now)
    _reach(coalition, actor, now)
    return queries.locked(coalition_id)


def ask_again(
    coalition_id: uuid.UUID, member_id: uuid.UUID, actor: Actor, now: datetime
) -> Coalition:
    """Ask somebody again who had said no.

    Raises:
        NotFound: there is no such member.
        Conflict: the coalition was given up, or the step is not possible any more.
        ProductError: with it, the plant would be over its capacity.
    """
    coalition = queries.locked(coalition_id)
    _check_live(coalition)
    member = member_with(coalition, member_id)
    if member.state is MemberState.INVITED:
        return coalition
    state = MEMBER_STATES.check(member.state, MemberMove.ASK_AGAIN)
    _check_capacity(coalition, member.high_tonnes)
    member.state, member.reason, member.answered_at = state, "", None
    member.asked_count, member.revision = member.asked_count + 1, member.revision + 1
    coalition.updated_at, coalition.revision = now, coalition.revision + 1
    db.session.flush()
    _asked(coalition, member, actor, now)
    _reach(coalition, actor, now)
    return coalition


def _check_room(coalition: Coalition, towns: Sequence[Town]) -> None:
    present = [m for m in coalition.members if m.side is MemberSide.TOWN]
    live = [m for m in present if m.state is not MemberState.OUT]
    if len(live) + len(towns) > MEMBERS_MOST:
        raise ProductError(f"声をかけられるのは{MEMBERS_MOST}団体までです。")
    _check_capacity(coalition, sum((town.tonnes.high for town in towns), Decimal(0)))


def _check_capacity(coalition: Coalition, more: Decimal) -> None:
    present = sum(
        (m.high_tonnes for m in coalition.members if m.state is not MemberState.OUT), Decimal(0)
    )
    capacity = coalition.capacity_tonnes
    if capacity is not None and present + more > capacity:
        raise ProductError(OVER.format(capacity=capacity))


def close(coalition_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> Coalition:
    """Give a coalition up; all that were asked are told. A second time does nothing more.

    Raises:
        ProductError: a reason is missing.
    """
    coalition = queries.locked(coalition_id)
    if coalition.state is CoalitionState.CLOSED:
        return coalition
    coalition.state = COALITION_STATES.check(coalition.state, CoalitionMove.CLOSE, reason)
    coalition.state_reason, coalition.closed_at, coalition.updated_at = reason, now, now
    coalition.revision += 1
    db.session.flush()
    record(
        CoalitionClosed(
            actor=actor, now=now, subject_id=coalition.id, reason=reason,
            organization_id=coalition.organization_id,
        )
    )  # fmt: skip
    return coalition


def letter_sent(
    coalition_id: uuid.UUID, member_id: uuid.UUID, actor: Actor, now: datetime
) -> Coalition:
    """Note that the letter to a town outside the partnership went out; a second time is nothing.

    Raises:
        NotFound: there is no such member, or it gets its mail here.
    """
    coalition = queries.locked(coalition_id)
    member = member_with(coalition, member_id)
    if member.organization_id is not None:
        raise NotFound
    if member.letter_sent_at is None:
        member.letter_sent_at, coalition.updated_at = now, now
        db.session.flush()
        _asked(coalition, member, actor, now)
    return coalition
