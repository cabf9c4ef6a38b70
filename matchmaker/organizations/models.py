"""Tables of organisations and of Japan's municipalities."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.core.storage import StoredFile
from matchmaker.organizations.domain import CATEGORIES, OrganizationStatus, Place, codes


def _one_of(column: str, values: frozenset[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in sorted(values))
    return f"{column} IN ({listed})"


class Municipality(Base):
    """One of Japan's 1,741 municipalities (reference data, never edited in the service)."""

    __tablename__ = "municipalities"
    __table_args__ = (Index("ix_municipalities_prefecture_code", "prefecture", "code"),)

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    prefecture: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(20))
    kana: Mapped[str] = mapped_column(String(40))
    latitude: Mapped[float]
    longitude: Mapped[float]
    population: Mapped[int]
    url: Mapped[str] = mapped_column(String(300))

    @property
    def place(self) -> Place:
        """Where the town hall stands."""
        return Place(self.prefecture, self.latitude, self.longitude, self.name)


class Organization(IdMixin, Base):
    """A member of the partnership."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint(_one_of("category", codes(CATEGORIES)), name="category"),
        CheckConstraint(_one_of("status", frozenset(OrganizationStatus)), name="status"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        Index("ix_organizations_status_kana", "status", "kana", "id"),
        Index("ix_organizations_status_prefecture", "status", "prefecture"),
        Index("ix_organizations_status_category", "status", "category"),
        Index("uq_organizations_corporate_number", "corporate_number", unique=True),
        Index("uq_organizations_local_government_code", "local_government_code", unique=True),
    )

    name: Mapped[str] = mapped_column(String(120))
    kana: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(30))
    company_size: Mapped[str] = mapped_column(String(20))
    industry: Mapped[str] = mapped_column(String(40))
    corporate_number: Mapped[str | None] = mapped_column(String(13))
    local_government_code: Mapped[str | None] = mapped_column(String(6))
    prefecture: Mapped[str] = mapped_column(String(4))
    municipality_code: Mapped[str | None] = mapped_column(
        String(6), ForeignKey("municipalities.code"), index=True
    )
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    website: Mapped[str] = mapped_column(String(300))
    logo_file_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("stored_files.id"), index=True
    )
    description: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    is_trusted: Mapped[bool]
    is_demo: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    municipality: Mapped[Municipality | None] = relationship(lazy="raise")
    logo: Mapped[StoredFile | None] = relationship(lazy="raise")

    @property
    def is_active(self) -> bool:
        """Whether the organisation takes part."""
        return self.status == OrganizationStatus.ACTIVE

    @property
    def place(self) -> Place | None:
        """Where it sits, when that is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Place(self.prefecture, self.latitude, self.longitude, self.name)
