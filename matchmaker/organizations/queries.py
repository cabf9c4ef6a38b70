"""Reads of organisations and municipalities."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.organizations.domain import (
    OrganizationStatus,
    normalized_digits,
    normalized_line,
    search_form,
)
from matchmaker.organizations.models import Municipality, Organization

MUNICIPALITIES_AT_ONCE = 200
"""More than any prefecture has (Hokkaido: 179), so that a chosen prefecture is always complete."""


@dataclass(frozen=True, slots=True)
class OrganizationFilter:
    """What the directory is narrowed to; empty values do not narrow.

    Args:
        text: words that name, reading or description must contain, all of them.
        category: codes of categories, any of them.
        prefecture: names of prefectures, any of them.
        industry: codes of industries, any of them.
        with_withdrawn: whether those that left are listed too.
    """

    text: str = ""
    category: tuple[str, ...] = ()
    prefecture: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    with_withdrawn: bool = False

    @property
    def conditions(self) -> int:
        """How many conditions are in force."""
        return bool(self.text) + len(self.category) + len(self.prefecture) + len(self.industry)


def organization_of(organization_id: uuid.UUID) -> Organization:
    """One organisation with its municipality.

    Raises:
        NotFound: there is no such organisation.
    """
    query = (
        select(Organization)
        .options(joinedload(Organization.municipality))
        .where(Organization.id == organization_id)
    )
    organization = db.session.scalar(query)
    if organization is None:
        raise NotFound
    return organization


def organizations_by_id(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Organization]:
    """Organisations by id, in one statement, for lists of other things."""
    if not ids:
        return {}
    query = select(Organization).where(Organization.id.in_(set(ids))).order_by(Organization.id)
    return {organization.id: organization for organization in db.session.scalars(query)}


def organizations_page(wanted: OrganizationFilter, number: int) -> Page[Organization]:
    """One page of the directory in the order of the readings."""
    query = filtered(wanted).options(joinedload(Organization.municipality))
    return paginate(query.order_by(Organization.kana, Organization.id), number)


def all_organizations() -> Sequence[Organization]:
    """Every organisation that takes part, in the order of the readings (for choices of the
    secretariat; at most 2,000)."""
    query = filtered(OrganizationFilter()).order_by(Organization.kana, Organization.id).limit(2000)
    return db.session.scalars(query).all()


def filtered(wanted: OrganizationFilter) -> Select[tuple[Organization]]:
    """Statement for the organisations that ``wanted`` lets through."""
    query = select(Organization)
    if not wanted.with_withdrawn:
        query = query.where(Organization.status == OrganizationStatus.ACTIVE)
    if wanted.category:
        query = query.where(Organization.category.in_(wanted.category))
    if wanted.prefecture:
        query = query.where(Organization.prefecture.in_(wanted.prefecture))
    if wanted.industry:
        query = query.where(Organization.industry.in_(wanted.industry))
    for word in wanted.text.split():
        query = query.where(Organization.search_text.contains(search_form(word), autoescape=True))
    return query


def counts_by(wanted: OrganizationFilter, name: str) -> Mapping[str, int]:
    """Number of organisations for each value of ``category``, ``prefecture`` or ``industry``.

    All conditions but the one on ``name`` itself hold, so that the numbers beside its choices tell
    what choosing them would give.
    """
    column = getattr(Organization, name)
    unbound: dict[str, Any] = {name: ()}
    others = replace(wanted, **unbound)
    query = (
        filtered(others)
        .with_only_columns(column, func.count(Organization.id))
        .group_by(column)
        .order_by(column)
    )
    return {str(value): int(number) for value, number in db.session.execute(query)}


def municipality_with(code: str) -> Municipality | None:
    """The municipality with that code."""
    return db.session.get(Municipality, code)


def municipalities_by_code(codes: Sequence[str]) -> dict[str, Municipality]:
    """Municipalities by code, in one statement."""
    if not codes:
        return {}
    query = (
        select(Municipality).where(Municipality.code.in_(set(codes))).order_by(Municipality.code)
    )
    return {municipality.code: municipality for municipality in db.session.scalars(query)}


def find_municipalities(
    text: str = "", prefecture: str = "", limit: int = MUNICIPALITIES_AT_ONCE
) -> Sequence[Municipality]:
    """Municipalities whose name, reading or code begins with (then: contains) ``text``."""
    query = select(Municipality)
    if prefecture:
        query = query.where(Municipality.prefecture == prefecture)
    word = text.strip()
    if word:
        reading = hiragana(word)
        matches = (
            Municipality.name.contains(word, autoescape=True)
            | Municipality.kana.contains(reading, autoescape=True)
            | Municipality.code.startswith(word, autoescape=True)
        )
        begins = Municipality.name.startswith(word, autoescape=True) | Municipality.kana.startswith(
            reading, autoescape=True
        )
        query = query.where(matches).order_by(begins.desc())
    query = query.order_by(Municipality.code).limit(min(limit, MUNICIPALITIES_AT_ONCE))
    return db.session.scalars(query).all()


def hiragana(text: str) -> str:
    """The word as the readings of the municipalities are written: hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in search_form(text))


def number_of_municipalities() -> int:
    """How many municipalities are loaded."""
    return db.session.scalar(select(func.count()).select_from(Municipality)) or 0


def municipality_called(text: str, prefecture: str) -> Municipality | None:
    """The one municipality that a typed text means: its code, its name (with or without the
    prefecture); None when there is none or several have that name."""
    digits = normalized_digits(text)
    if digits.isdecimal():
        return db.session.get(Municipality, digits)
    name = normalized_line(text)
    if not name:
        return None
    full_name = Municipality.prefecture + Municipality.name
    query = select(Municipality).where((Municipality.name == name) | (full_name == name))
    if prefecture:
        query = query.where(Municipality.prefecture == prefecture)
    found = db.session.scalars(query.order_by(Municipality.code).limit(2)).all()
    return found[0] if len(found) == 1 else None
