"""Finding a member by its name or its reading, as a field proposes it while one types."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, case, select

from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationStatus, search_form
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import OrganizationFilter, filtered

MOST_FOUND = 12
"""Proposals at once: as many as the field shows. Whoever is not among them types more."""
LONGEST_WORDS = 120


def members_like(words: str, left_out: Collection[uuid.UUID] = ()) -> Sequence[Organization]:
    """Active members whose name, reading or description holds all the words, best first.

    Names that are exactly what was typed come first, then names and readings that begin with it,
    then the rest by reading.

    Args:
        words: as typed; hiragana, katakana, width and case make no difference.
        left_out: ids that are not proposed.

    Returns:
        At most :data:`MOST_FOUND`; none for empty words.
    """
    typed = words.strip()[:LONGEST_WORDS]
    if not typed:
        return []
    query = _without(filtered(OrganizationFilter(text=typed)), left_out)
    begins = Organization.search_text.startswith(search_form(typed), autoescape=True)
    reading = Organization.kana.startswith(search_form(typed), autoescape=True)
    rank = case((Organization.name == typed, 0), (begins, 1), (reading, 2), else_=3)
    order = query.order_by(rank, Organization.kana, Organization.id)
    return db.session.scalars(order.limit(MOST_FOUND)).all()


def members_named(name: str, left_out: Collection[uuid.UUID] = ()) -> Sequence[Organization]:
    """Active members with exactly this name (towns of two prefectures may share one)."""
    query = select(Organization).where(
        Organization.name == name.strip(), Organization.status == OrganizationStatus.ACTIVE
    )
    order = _without(query, left_out).order_by(Organization.kana, Organization.id)
    return db.session.scalars(order.limit(MOST_FOUND)).all()


def fits_words(organization: Organization, words: str) -> bool:
    """Whether an organisation is one of those that these words find."""
    return all(search_form(word) in organization.search_text for word in words.split())


def _without(
    query: Select[tuple[Organization]], left_out: Collection[uuid.UUID]
) -> Select[tuple[Organization]]:
    return query.where(Organization.id.not_in(left_out)) if left_out else query
