"""Offerings (シーズ) in the database."""

from __future__ import annotations

import uuid
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base
from matchmaker.posts.models import TONNES, PostMixin, TagMixin, post_indexes


class OfferingTag(TagMixin, Base):
    """Codes of an offering's fields that may hold several."""

    __tablename__ = "offering_tags"
    __table_args__ = (Index("ix_offering_tags_facet_code", "facet", "code", "post_id"),)

    post_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), primary_key=True
    )


class Offering(PostMixin, Base):
    """What a business can do, as ``offerings/fields.py`` describes it."""

    __tablename__ = "offerings"
    __table_args__ = (
        *post_indexes("offerings"),
        Index("ix_offerings_state_kind", "state", "kind"),
    )
    __mapper_args__ = {"version_id_col": PostMixin.__dict__["revision"]}  # noqa: RUF012

    kind: Mapped[str | None] = mapped_column(String(24))
    description: Mapped[str] = mapped_column(Text, default="")
    strengths: Mapped[str | None] = mapped_column(Text)
    output_products: Mapped[str | None] = mapped_column(String(200))
    capacity_tonnes_per_year: Mapped[Decimal | None] = mapped_column(TONNES)
    free_capacity_tonnes_per_year: Mapped[Decimal | None] = mapped_column(TONNES)
    minimum_lot_tonnes_per_year: Mapped[Decimal | None] = mapped_column(TONNES)
    acceptance_conditions: Mapped[str | None] = mapped_column(Text)
    price_model: Mapped[str | None] = mapped_column(String(24))
    price_note: Mapped[str | None] = mapped_column(String(200))
    technology_requirements: Mapped[str | None] = mapped_column(Text)
    lead_time_months: Mapped[int | None]
    facility_type: Mapped[str | None] = mapped_column(String(100))
    collection_offered: Mapped[bool] = mapped_column(default=False)
    shared_goods: Mapped[str | None] = mapped_column(Text)
    operation_model: Mapped[str | None] = mapped_column(Text)
    plant_address: Mapped[str | None] = mapped_column(String(200))
    maturity: Mapped[str | None] = mapped_column(String(24))
    track_record: Mapped[str | None] = mapped_column(Text)
    licence_note: Mapped[str | None] = mapped_column(String(200))
    website: Mapped[str | None] = mapped_column(String(300))

    tags: Mapped[list[OfferingTag]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True,
        order_by=lambda: (OfferingTag.facet, OfferingTag.position),
    )  # fmt: skip
