"""Reads of support programmes and of the figures that consortia give."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.partnering.consortia.programmes.models import ProgrammeFigures, SupportProgramme

MOST_COMPARED = 50
"""Programmes that are compared with a consortium on one page."""


def get(programme_id: uuid.UUID) -> SupportProgramme:
    """A support programme.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(SupportProgramme, programme_id)
    if found is None:
        raise NotFound
    return found


def of_key(key: str) -> SupportProgramme | None:
    """The programme that an entry of the reference data became."""
    return db.session.scalar(select(SupportProgramme).where(SupportProgramme.key == key))


def listed(limit: int = MOST_COMPARED) -> Sequence[SupportProgramme]:
    """Programmes of the public list, by name."""
    query = select(SupportProgramme).where(SupportProgramme.is_listed)
    query = query.order_by(SupportProgramme.name, SupportProgramme.id).limit(limit)
    return db.session.scalars(query).all()


def programmes_page(number: int, *, with_hidden: bool) -> Page[SupportProgramme]:
    """One page of the list; with those taken off it for the secretariat."""
    query = select(SupportProgramme).order_by(SupportProgramme.name, SupportProgramme.id)
    if not with_hidden:
        query = query.where(SupportProgramme.is_listed)
    return paginate(query, number)


def figures_of(consortium_id: uuid.UUID) -> ProgrammeFigures | None:
    """What a consortium gave, if anything."""
    return db.session.get(ProgrammeFigures, consortium_id)
