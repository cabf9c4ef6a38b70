"""Needs (ニーズ) in the database."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base
from matchmaker.posts.models import TONNES, PostMixin, TagMixin, post_indexes


class NeedTag(TagMixin, Base):
    """Codes of a need's fields that may hold several."""

    __tablename__ = "need_tags"
    __table_args__ = (Index("ix_need_tags_facet_code", "facet", "code", "post_id"),)

    post_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True
    )


class Need(PostMixin, Base):
    """A municipality's problem, as ``needs/fields.py`` describes it."""

    __tablename__ = "needs"
    __table_args__ = (
        *post_indexes("needs"),
        Index("ix_needs_state_quantity", "state", "quantity_high_tonnes_per_year"),
    )
    __mapper_args__ = {"version_id_col": PostMixin.__dict__["revision"]}  # noqa: RUF012

    problem: Mapped[str] = mapped_column(Text, default="")
    background: Mapped[str | None] = mapped_column(Text)
    desired_state: Mapped[str | None] = mapped_column(Text)
    conditions: Mapped[str | None] = mapped_column(Text)
    waste_class: Mapped[str | None] = mapped_column(String(16))
    quantity_min: Mapped[Decimal | None] = mapped_column(TONNES)
    quantity_max: Mapped[Decimal | None] = mapped_column(TONNES)
    quantity_unit: Mapped[str | None] = mapped_column(String(16))
    quantity_period: Mapped[str | None] = mapped_column(String(16))
    quantity_basis: Mapped[str | None] = mapped_column(String(16))
    quantity_low_tonnes_per_year: Mapped[Decimal | None] = mapped_column(TONNES)
    quantity_high_tonnes_per_year: Mapped[Decimal | None] = mapped_column(TONNES)
    present_treatment: Mapped[str | None] = mapped_column(Text)
    present_cost_yen_per_year: Mapped[int | None]
    place_detail: Mapped[str | None] = mapped_column(String(200))
    partner_scope: Mapped[str | None] = mapped_column(String(16))
    start_wished_on: Mapped[date | None]
    budget_state: Mapped[str | None] = mapped_column(String(16))
    pilot_field_offered: Mapped[bool] = mapped_column(default=False)
    pilot_field: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(String(80))

    tags: Mapped[list[NeedTag]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True,
        order_by=lambda: (NeedTag.facet, NeedTag.position),
    )  # fmt: skip
