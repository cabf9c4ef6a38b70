"""Tables of coalitions: who is asked with how much, and the rates behind estimates."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Municipality, Organization
from matchmaker.partnering.coalitions.domain import (
    SOURCE_LENGTH,
    CoalitionState,
    MemberSide,
    MemberState,
    Tonnes,
)
from matchmaker.posts.models import TONNES, Material

KM = Numeric(8, 1)
RATE = Numeric(10, 3)
PERSONAL = {"personal": "参加の返事の記録", "retention": "連合の終了から5年"}


class Coalition(IdMixin, Base):
    """Towns that together reach the minimum lot of an offering.

    Args:
        material_code: the material it is about.
        organization_id: who formed it.
        need_id: the need it was formed from; None when it was formed from the offering.
        lot_tonnes, capacity_tonnes: of the offering when it was formed; tonnes a year.
        max_km, max_members: what the person had set: road kilometres to the plant, most towns.
        note: words to those asked.
        submission_key: of the form, so that a second press forms nothing more.
    """

    __tablename__ = "coalitions"
    __table_args__ = (
        CheckConstraint("lot_tonnes > 0", name="lot_positive"),
        Index("ix_coalitions_state_updated", "state", "updated_at", "id"),
    )

    offering_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), index=True
    )
    need_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("needs.id", ondelete="SET NULL"), index=True
    )
    material_code: Mapped[str] = mapped_column(ForeignKey("materials.code"), index=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    lot_tonnes: Mapped[Decimal] = mapped_column(TONNES)
    capacity_tonnes: Mapped[Decimal | None] = mapped_column(TONNES)
    max_km: Mapped[int]
    max_members: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[CoalitionState] = mapped_column(
        word_column(CoalitionState, "state"), default=CoalitionState.FORMING
    )
    state_reason: Mapped[str] = mapped_column(Text, default="")
    submission_key: Mapped[str] = mapped_column(String(40), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    offering: Mapped[Offering] = relationship(lazy="raise")
    need: Mapped[Need | None] = relationship(lazy="raise")
    material: Mapped[Material] = relationship(lazy="raise")
    organization: Mapped[Organization] = relationship(lazy="raise")
    members: Mapped[list[CoalitionMember]] = relationship(
        lazy="raise", back_populates="coalition", cascade="all, delete-orphan",
        passive_deletes=True, order_by="CoalitionMember.position",
    )  # fmt: skip


class CoalitionMember(IdMixin, Base):
    """A town, or the business, that is asked to take part.

    Args:
        organization_id: None for a town that is no member of the partnership.
        municipality_code: of a town; None for the business.
        need_id: the town's post; None for an estimate.
        low_tonnes, high_tonnes: what it brings in, tonnes a year; zero for the business.
        is_estimate: the quantity is its people times a rate.
        road_km: estimated road distance to the plant.
        reason: why it does not take part.
        letter_sent_at: when the secretariat sent the letter to a town outside the partnership.
        asked_count: how often it was asked, for the keys of mails.
    """

    __tablename__ = "coalition_members"
    __table_args__ = (
        UniqueConstraint("coalition_id", "municipality_code"),
        UniqueConstraint("coalition_id", "side", "organization_id"),
        CheckConstraint("low_tonnes >= 0 AND high_tonnes >= low_tonnes", name="range"),
        CheckConstraint(
            "organization_id IS NOT NULL OR municipality_code IS NOT NULL", name="is_somebody"
        ),
        Index("ix_coalition_members_asked", "organization_id", "state"),
    )

    coalition_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("coalitions.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[MemberSide] = mapped_column(word_column(MemberSide, "side"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organizations.id"))
    municipality_code: Mapped[str | None] = mapped_column(
        ForeignKey("municipalities.code"), index=True
    )
    need_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("needs.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int]
    low_tonnes: Mapped[Decimal] = mapped_column(TONNES)
    high_tonnes: Mapped[Decimal] = mapped_column(TONNES)
    is_estimate: Mapped[bool] = mapped_column(default=False)
    road_km: Mapped[Decimal | None] = mapped_column(KM)
    state: Mapped[MemberState] = mapped_column(
        word_column(MemberState, "state"), default=MemberState.INVITED
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    letter_sent_at: Mapped[datetime | None]
    asked_count: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)

    coalition: Mapped[Coalition] = relationship(lazy="raise", back_populates="members")
    organization: Mapped[Organization | None] = relationship(lazy="raise")
    municipality: Mapped[Municipality | None] = relationship(lazy="raise")
    need: Mapped[Need | None] = relationship(lazy="raise")

    @property
    def tonnes(self) -> Tonnes:
        """What it brings in, tonnes a year."""
        return Tonnes(self.low_tonnes, self.high_tonnes)

    @property
    def name(self) -> str:
        """What it is called."""
        if self.organization is not None:
            return self.organization.name
        town = self.municipality
        return f"{town.prefecture}{town.name}" if town else ""


class CoalitionRate(IdMixin, Base):
    """How much of a material arises a head and year, for towns without a post.

    Args:
        kg_per_head_year: kilogrammes a head and year.
        source: where the number comes from; shown with every estimate.
    """

    __tablename__ = "coalition_rates"
    __table_args__ = (CheckConstraint("kg_per_head_year > 0", name="rate_positive"),)

    material_code: Mapped[str] = mapped_column(ForeignKey("materials.code"), unique=True)
    kg_per_head_year: Mapped[Decimal] = mapped_column(RATE)
    source: Mapped[str] = mapped_column(String(SOURCE_LENGTH))
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )

    material: Mapped[Material] = relationship(lazy="raise")
