"""Reads the themes that were made from gaps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.partnering.blank_map.models import BlankTheme
from matchmaker.posts.models import Material

MOST_THEMES = 20


def themes_of(material: str, place: str) -> Sequence[BlankTheme]:
    """Themes of one gap with their calls, the newest first."""
    query = (
        select(BlankTheme)
        .where(BlankTheme.material_code == material, BlankTheme.place == place)
        .options(joinedload(BlankTheme.call))
        .order_by(BlankTheme.number.desc())
        .limit(MOST_THEMES)
    )
    return db.session.scalars(query).all()


def theme_of_call(call_id: uuid.UUID) -> tuple[BlankTheme, str] | None:
    """The theme from which a call was drafted, with the name of its material."""
    query = (
        select(BlankTheme, Material.name)
        .join(Material, Material.code == BlankTheme.material_code)
        .where(BlankTheme.call_id == call_id)
    )
    found = db.session.execute(query).tuples().first()
    return found or None
