"""Reads for the secretariat: what waits for it, the vocabulary, the audit log."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from matchmaker.accounts.models import User
from matchmaker.core.audit import AuditEntry
from matchmaker.core.clock import end_of_day, start_of_day, today
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import PAGE_SIZE, Page, count, paginate
from matchmaker.needs.models import NeedTag
from matchmaker.needs.types import NEED
from matchmaker.notifications.domain import OutboxState
from matchmaker.notifications.models import OutboxMessage
from matchmaker.offerings.models import OfferingTag
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.models import Organization
from matchmaker.posts.domain import EXPIRY_WARNING, PostKind, PostState
from matchmaker.posts.models import Material
from matchmaker.posts.types import PostType
from matchmaker.secretariat.domain import AuditFilter, WaitingPost

POST_TYPES: Mapping[PostKind, PostType] = {PostKind.NEED: NEED, PostKind.OFFERING: OFFERING}
AUDIT_PAGE_SIZE = 50
MOST_EXPORTED = 10_000
NEW_ORGANIZATIONS_WITHIN = timedelta(days=30)
MOST_IN_OVERVIEW = 5


def waiting_posts(kind: PostKind | None, number: int, size: int = PAGE_SIZE) -> Page[WaitingPost]:
    """One page of the review queue, longest waiting first (two statements).

    Args:
        kind: needs or offerings alone; both when left out.
        number: page, from 1.
        size: rows a page.
    """
    types = [POST_TYPES[kind]] if kind else list(POST_TYPES.values())
    together = union_all(*(_waiting(post_type) for post_type in types)).subquery()
    query = select(together).order_by(together.c.submitted_at, together.c.id)
    total = db.session.scalar(select(func.count()).select_from(together)) or 0
    number = min(number, max(1, -(-total // size)))
    rows = db.session.execute(query.limit(size).offset((number - 1) * size))
    return Page([_as_waiting(row) for row in rows], number, size, total)


def _waiting(post_type: PostType) -> Select[Any]:
    model = post_type.model
    return (
        select(
            literal(post_type.kind.value).label("kind"),
            model.id.label("id"),
            model.title.label("title"),
            model.prefecture.label("prefecture"),
            model.submitted_at.label("submitted_at"),
            model.published_at.label("published_at"),
            Organization.id.label("organization_id"),
            Organization.name.label("organization_name"),
        )
        .join(Organization, Organization.id == model.organization_id)
        .where(model.state == PostState.SUBMITTED)
    )


def _as_waiting(row: Any) -> WaitingPost:
    return WaitingPost(
        kind=PostKind(row.kind),
        id=row.id,
        title=row.title,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        prefecture=row.prefecture,
        submitted_at=row.submitted_at,
        published_before=row.published_at is not None,
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for the secretariat, in figures.

    Args:
        waiting: posts to review, by kind.
        oldest_at: since when the longest waiting one waits.
        states: number of posts by kind and state.
        expiring: published posts whose end is near, by kind.
        failed_mails: mails that could not be delivered.
        waiting_mails: mails on their way.
        new_organizations: organisations entered within the last 30 days.
    """

    waiting: Mapping[PostKind, int]
    oldest_at: datetime | None
    states: Mapping[PostKind, Mapping[PostState, int]]
    expiring: Mapping[PostKind, int]
    failed_mails: int
    waiting_mails: int
    new_organizations: int

    @property
    def states_in_order(self) -> list[tuple[PostState, int, int]]:
        """Each state with its number of needs and of offerings, in the order of a post's life."""
        needs, offerings = self.states[PostKind.NEED], self.states[PostKind.OFFERING]
        return [(state, needs.get(state, 0), offerings.get(state, 0)) for state in PostState]


def overview(now: datetime) -> Overview:
    """The figures of the secretariat's first page (ten small statements)."""
    states = {kind: _states(post_type) for kind, post_type in POST_TYPES.items()}
    queue = waiting_posts(None, 1, 1)
    mails = _mails_by_state()
    return Overview(
        waiting={kind: found.get(PostState.SUBMITTED, 0) for kind, found in states.items()},
        oldest_at=queue.items[0].submitted_at if queue.items else None,
        states=states,
        expiring={kind: count(expiring(t, now)) for kind, t in POST_TYPES.items()},
        failed_mails=mails.get(OutboxState.FAILED.value, 0),
        waiting_mails=mails.get(OutboxState.WAITING.value, 0),
        new_organizations=count(new_organizations(now)),
    )


def _states(post_type: PostType) -> dict[PostState, int]:
    model = post_type.model
    query = select(model.state, func.count(model.id)).group_by(model.state).order_by(model.state)
    return {PostState(state): int(number) for state, number in db.session.execute(query)}


def _mails_by_state() -> dict[str, int]:
    query = select(OutboxMessage.state, func.count(OutboxMessage.id)).group_by(OutboxMessage.state)
    rows = db.session.execute(query.order_by(OutboxMessage.state))
    return {str(state): int(number) for state, number in rows}


def expiring(post_type: PostType, now: datetime) -> Select[Any]:
    """Statement for the published posts that end within two weeks, the nearest end first."""
    model, day = post_type.model, today(now)
    return (
        select(model)
        .where(
            model.state == PostState.PUBLISHED,
            model.valid_until.between(day, day + EXPIRY_WARNING),
        )
        .order_by(model.valid_until, model.id)
    )


def new_organizations(now: datetime) -> Select[tuple[Organization]]:
    """Statement for the organisations of the last 30 days, newest first."""
    return (
        select(Organization)
        .where(Organization.created_at >= now - NEW_ORGANIZATIONS_WITHIN)
        .order_by(Organization.created_at.desc(), Organization.id)
    )


def newest_organizations(now: datetime) -> Sequence[Organization]:
    """The newest few organisations, for the overview."""
    return db.session.scalars(new_organizations(now).limit(MOST_IN_OVERVIEW)).all()


def failed_mails() -> Sequence[OutboxMessage]:
    """The newest few mails that could not be delivered."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.FAILED.value)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
        .limit(MOST_IN_OVERVIEW)
    )
    return db.session.scalars(query).all()


def material_with(code: str) -> Material:
    """One entry of the vocabulary.

    Raises:
        NotFound: there is no such entry.
    """
    material = db.session.get(Material, code)
    if material is None:
        raise NotFound("この品目は見つかりません。")
    return material


def materials_page(number: int) -> Page[Material]:
    """One page of the vocabulary, in its order."""
    return paginate(select(Material).order_by(Material.position, Material.code), number, 100)


@dataclass(frozen=True, slots=True)
class MaterialUse:
    """How many posts carry a material."""

    needs: Mapping[str, int]
    offerings: Mapping[str, int]


def material_use() -> MaterialUse:
    """How many needs and offerings carry each material."""
    return MaterialUse(
        _uses(NeedTag, ("materials",)),
        _uses(OfferingTag, ("input_materials", "output_materials")),
    )


def _uses(tag: Any, facets: Sequence[str]) -> dict[str, int]:
    query = (
        select(tag.code, func.count(tag.post_id.distinct()))
        .where(tag.facet.in_(facets))
        .group_by(tag.code)
        .order_by(tag.code)
    )
    return {str(code): int(number) for code, number in db.session.execute(query)}


def audit_entries(wanted: AuditFilter) -> Select[tuple[AuditEntry]]:
    """Statement for the entries that ``wanted`` lets through, newest first."""
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if wanted.person:
        query = query.where(AuditEntry.actor_name.contains(wanted.person, autoescape=True))
    if wanted.tag:
        query = query.where(AuditEntry.tag.startswith(wanted.tag, autoescape=True))
    if wanted.subject:
        subject = wanted.subject
        query = query.where(
            (AuditEntry.subject_id == subject) | (AuditEntry.organization_id == subject)
        )
    if wanted.begins_on:
        query = query.where(AuditEntry.at >= start_of_day(wanted.begins_on))
    if wanted.ends_on:
        query = query.where(AuditEntry.at < end_of_day(wanted.ends_on))
    return query


def audit_page(wanted: AuditFilter, number: int) -> Page[AuditEntry]:
    """One page of the audit log."""
    return paginate(audit_entries(wanted), number, AUDIT_PAGE_SIZE)


def audit_export(wanted: AuditFilter) -> Iterator[AuditEntry]:
    """Entries for a file, newest first, at most 10,000, read piece by piece."""
    query = audit_entries(wanted).limit(MOST_EXPORTED).execution_options(yield_per=500)
    yield from db.session.scalars(query)


def titles_of(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of posts, organisations and people by id, for reading the log (four statements)."""
    names: dict[uuid.UUID, str] = {}
    if not ids:
        return names
    for column, key in (
        (NEED.model.title, NEED.model.id),
        (OFFERING.model.title, OFFERING.model.id),
        (Organization.name, Organization.id),
        (User.name, User.id),
    ):
        query = select(key, column).where(key.in_(set(ids))).order_by(key)
        names |= {row[0]: row[1] for row in db.session.execute(query)}
    return names
