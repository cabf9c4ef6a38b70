"""Commands of the matching tables: open them, answer, release a version."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.needs.models import Need
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import (
    POSTS_MOST,
    WISHES_MOST,
    PlanSettings,
    VersionState,
    WishKind,
    setting_errors,
)
from matchmaker.regional_events.tables.events import (
    TableGuestAnswered,
    TablesPlanned,
    TablesReleased,
)
from matchmaker.regional_events.tables.models import (
    TableGuest,
    TableGuestPost,
    TablePlan,
    TableVersion,
    TableWish,
)

CHANGED_MEANWHILE = (
    "ほかの画面で先に変更されました。いまの内容を確かめて、もう一度保存してください。"
)


class InvalidSettings(ProductError):
    """Settings that cannot be kept; ``errors`` by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("入力を確かめてください。")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class GuestAnswer:
    """What a person says about the tables.

    Args:
        is_taking_part: whether they take part.
        post_ids: published posts of their organisation that they bring along.
        meet: organisations they would like to meet.
        avoid: organisations they do not sit with; never shown to others.
    """

    is_taking_part: bool
    post_ids: Sequence[uuid.UUID] = ()
    meet: Sequence[uuid.UUID] = ()
    avoid: Sequence[uuid.UUID] = ()


def open_tables(
    event: RegionalEvent, settings: PlanSettings, actor: Actor, now: datetime
) -> TablePlan:
    """Open matching tables for an event.

    Raises:
        InvalidSettings: a setting is out of its bounds.
        Conflict: they are open already.
    """
    _check(settings, event)
    if queries.find_plan(event.id) is not None:
        raise Conflict("配席の設定は、もう作られています。")
    plan = TablePlan(id=new_id(), event_id=event.id, created_at=now)
    db.session.add(plan)
    return _apply(plan, settings, actor, now)


def change_settings(
    plan: TablePlan,
    event: RegionalEvent,
    settings: PlanSettings,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
) -> TablePlan:
    """Change the settings. Versions keep those they were made with.

    Raises:
        InvalidSettings: a setting is out of its bounds.
        Conflict: somebody else changed them in between.
    """
    _check(settings, event)
    if plan.revision != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)
    plan.revision += 1
    return _apply(plan, settings, actor, now)


def _check(settings: PlanSettings, event: RegionalEvent) -> None:
    errors = setting_errors(settings, event.starts_at, event.ends_at)
    if errors:
        raise InvalidSettings(errors)


def _apply(plan: TablePlan, settings: PlanSettings, actor: Actor, now: datetime) -> TablePlan:
    for name in PlanSettings.__slots__:
        setattr(plan, name, getattr(settings, name))
    plan.updated_at = now
    db.session.flush()
    record(TablesPlanned(actor=actor, now=now, subject_id=plan.event_id))
    return plan


def answer(
    plan: TablePlan,
    attendee: Attendee,
    given: GuestAnswer,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int,
    is_secretariat: bool | None = None,
) -> TableGuest:
    """Keep what a person says about the tables; the whole answer replaces the earlier one.

    Args:
        plan: of the event.
        attendee: whose answer it is, with a place on site.
        given: the answer.
        actor: the person, or the staff for them.
        now: the present moment.
        expected_revision: of the answer the form was opened with; 0 for none.
        is_secretariat: whether the person sits in for the secretariat; None leaves it.

    Raises:
        ProductError: too many posts or wishes, or one that is not theirs to choose.
        Conflict: it was answered in another window in between.
    """
    _check_answer(attendee, given)
    guest = queries.guest_of(plan.id, attendee.id)
    if (guest.revision if guest else 0) != expected_revision:
        raise Conflict(CHANGED_MEANWHILE)
    if guest is None:
        guest = TableGuest(
            id=new_id(), plan_id=plan.id, attendee_id=attendee.id, revision=0, posts=[], wishes=[]
        )
        db.session.add(guest)
    guest.is_taking_part, guest.answered_at = given.is_taking_part, now
    guest.revision += 1
    if is_secretariat is not None:
        guest.is_secretariat = is_secretariat
    _keep_posts(guest, attendee, given.post_ids)
    _keep_wishes(guest, given)
    db.session.flush()
    details = {"attendee": str(attendee.id), "takes_part": given.is_taking_part}
    record(TableGuestAnswered(actor=actor, now=now, subject_id=plan.event_id, details=details))
    return guest


def _check_answer(attendee: Attendee, given: GuestAnswer) -> None:
    if len(set(given.post_ids)) > POSTS_MOST:
        raise ProductError(f"{POSTS_MOST}件までで選んでください。", "posts")
    if len(set(given.meet)) > WISHES_MOST:
        raise ProductError(f"{WISHES_MOST}団体までで選んでください。", "meet")
    if len(set(given.avoid)) > WISHES_MOST:
        raise ProductError(f"{WISHES_MOST}団体までで選んでください。", "avoid")
    if set(given.meet) & set(given.avoid):
        raise ProductError("同じ団体を、両方で選ぶことはできません。", "avoid")
    if attendee.organization_id in {*given.meet, *given.avoid}:
        raise ProductError("自分の団体は選べません。", "meet")


def _keep_posts(guest: TableGuest, attendee: Attendee, post_ids: Sequence[uuid.UUID]) -> None:
    own = {post.id: post for post in queries.own_posts(attendee.organization_id)}
    wanted = list(dict.fromkeys(post_ids))
    if any(post_id not in own for post_id in wanted):
        raise ProductError("選べないものが含まれています。もう一度選んでください。", "posts")
    kept = {each.need_id or each.offering_id: each for each in guest.posts}
    guest.posts = [
        kept.get(post_id)
        or (
            TableGuestPost(id=new_id(), need_id=post_id)
            if isinstance(own[post_id], Need)
            else TableGuestPost(id=new_id(), offering_id=post_id)
        )
        for post_id in wanted
    ]


def _keep_wishes(guest: TableGuest, given: GuestAnswer) -> None:
    wanted = {
        **dict.fromkeys(given.meet, WishKind.MEET),
        **dict.fromkeys(given.avoid, WishKind.AVOID),
    }
    known = queries.known_organizations(list(wanted))
    if set(wanted) - known:
        raise ProductError("選べない団体が含まれています。もう一度選んでください。", "meet")
    kept = {each.organization_id: each for each in guest.wishes}
    for organization_id, kind in wanted.items():
        if organization_id in kept:
            kept[organization_id].kind = kind
    guest.wishes = [
        kept.get(organization_id)
        or TableWish(id=new_id(), organization_id=organization_id, kind=kind)
        for organization_id, kind in wanted.items()
    ]


def release(plan: TablePlan, version: TableVersion, actor: Actor, now: datetime) -> None:
    """Bring a version into force; those whose timetable changes are told.

    Raises:
        Conflict: it is in force already, not done yet, or older than the one in force.
    """
    if version.state is not VersionState.READY:
        raise Conflict("この座席表は、まだできあがっていません。")
    present = queries.version_in_force(plan.id)
    if version.release is not None:
        raise Conflict("この座席表は、もう知らせてあります。")
    if present is not None and present.number > version.number:
        raise Conflict("もっと新しい座席表を知らせてあります。「この版に戻す」を使ってください。")
    last = select(func.max(TableVersion.release)).where(TableVersion.plan_id == plan.id)
    version.release, version.released_at = (db.session.scalar(last) or 0) + 1, now
    db.session.flush()
    record(
        TablesReleased(
            actor=actor, now=now, subject_id=plan.event_id, version_id=version.id,
            before_id=present.id if present else None, details={"version": version.number},
        )
    )  # fmt: skip
