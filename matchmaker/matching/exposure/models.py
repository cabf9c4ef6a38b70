"""The policy of exposure in its versions, the runs that computed prices, and the prices."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.organizations.models import Organization


class ExposurePolicy(IdMixin, Base):
    """One version of the policy; the highest number is in force, rows are never changed."""

    __tablename__ = "exposure_policies"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("bound_factor >= 1", name="bound_is_no_less_than_mean"),
        CheckConstraint("overbooking >= 1", name="capacity_is_used"),
        CheckConstraint("floor >= 0 AND new_days >= 0", name="floor_not_negative"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    is_on: Mapped[bool]
    bound_factor: Mapped[float]
    overbooking: Mapped[float]
    floor: Mapped[int]
    new_days: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime]


class ExposureRun(IdMixin, Base):
    """One computation of prices; the newest one counts.

    Attributes:
        needs, organizations: how many took part.
        unconstrained, expected: expected matches over all places, without and with prices.
        looseness: steps by which the policy had to be loosened.
        message: what has to be known about it, in Japanese.
    """

    __tablename__ = "exposure_runs"
    __table_args__ = (
        Index("ix_exposure_runs_at", "at", "id"),
        CheckConstraint("looseness >= 0", name="looseness_not_negative"),
    )

    at: Mapped[datetime]
    policy_number: Mapped[int]
    needs: Mapped[int]
    organizations: Mapped[int]
    unconstrained: Mapped[float]
    expected: Mapped[float]
    looseness: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(300), default="")


class ExposurePrice(Base):
    """What a place costs an organisation in one run, and what came of it.

    Attributes:
        price: taken off the probability of its pairs; negative for one that is helped.
        upper, lower: bounds of its places.
        chances: needs for which it is good enough.
        places_without, places_with: its places without and with prices.
        is_small, is_new: how it was counted.
    """

    __tablename__ = "exposure_prices"

    run_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("exposure_runs.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    price: Mapped[float]
    upper: Mapped[int]
    lower: Mapped[int]
    chances: Mapped[int]
    places_without: Mapped[int]
    places_with: Mapped[int]
    is_small: Mapped[bool]
    is_new: Mapped[bool]

    organization: Mapped[Organization] = relationship(lazy="raise")
