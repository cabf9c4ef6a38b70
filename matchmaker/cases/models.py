"""Documented cases in the database."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.cases.domain import CaseFacet, Confidence, NeedBasis
from matchmaker.core.db import Base, IdMixin


class CaseTag(Base):
    """One code of a case: a material or a circulation method."""

    __tablename__ = "case_tags"
    __table_args__ = (Index("ix_case_tags_facet_code", "facet", "code", "case_id"),)

    case_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("case_studies.id", ondelete="CASCADE"), primary_key=True
    )
    facet: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class CaseStudy(IdMixin, Base):
    """A collaboration of a municipality and a business that is documented somewhere (事例)."""

    __tablename__ = "case_studies"
    __table_args__ = (
        CheckConstraint("confidence IN ('high', 'medium', 'low')", name="confidence"),
        CheckConstraint(
            "need_basis IN ('stated', 'partly_inferred', 'inferred')", name="need_basis"
        ),
        Index("ix_case_studies_year", "year", "key"),
        Index("ix_case_studies_prefecture", "prefecture"),
    )

    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    municipality: Mapped[str] = mapped_column(String(40))
    prefecture: Mapped[str] = mapped_column(String(8))
    municipality_code: Mapped[str] = mapped_column(String(6))
    need: Mapped[str] = mapped_column(Text)
    business: Mapped[str] = mapped_column(String(200))
    offering: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(String(40))
    material_note: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[str] = mapped_column(String(300))
    year: Mapped[int | None]
    source_url: Mapped[str] = mapped_column(String(500))
    confidence: Mapped[str] = mapped_column(String(16))
    need_basis: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, deferred=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    tags: Mapped[list[CaseTag]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True,
        order_by=lambda: (CaseTag.facet, CaseTag.position),
    )  # fmt: skip

    def codes(self, facet: CaseFacet) -> list[str]:
        """Codes of one facet in the order given (the tags must be loaded)."""
        return [tag.code for tag in self.tags if tag.facet == facet.value]

    @property
    def materials(self) -> list[str]:
        """Codes of its materials."""
        return self.codes(CaseFacet.MATERIALS)

    @property
    def methods(self) -> list[str]:
        """Codes of its circulation methods."""
        return self.codes(CaseFacet.METHODS)

    @property
    def sureness(self) -> tuple[Confidence, NeedBasis]:
        """How sure the pairing is, and how far the need is stated."""
        return Confidence(self.confidence), NeedBasis(self.need_basis)
