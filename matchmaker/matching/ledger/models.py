"""Tables of the ledger: judgements with their history, and the pairs that wait for judges."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.matching.ledger.domain import NOTE_LENGTH, REASON_LENGTH, Fit, Side

PERSONAL = {"personal": "a judge's own words", "retention": "as long as the judgement"}


class OpinionMixin:
    """What a judge said, and what was shown to the judge at that time.

    Attributes:
        position: place on the list, from 1.
        version_number: of the ranking in force; 0 is the shipped one.
        probability: what was told beside the pair, 0–1.
        need_hash, offering_hash: of what both posts said; other ones now make it stale.
        taken_back_because: the reason when it was taken back.
    """

    fit: Mapped[Fit] = mapped_column(word_column(Fit, "fit"))
    side: Mapped[Side] = mapped_column(word_column(Side, "side"))
    reason: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="", info=PERSONAL)
    position: Mapped[int | None]
    version_number: Mapped[int]
    probability: Mapped[float | None]
    need_hash: Mapped[str] = mapped_column(String(64))
    offering_hash: Mapped[str] = mapped_column(String(64))
    is_taken_back: Mapped[bool] = mapped_column(default=False)
    taken_back_because: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")


class Judgement(OpinionMixin, IdMixin, Base):
    """What one judge says of one pair now; there is one a person and pair, whatever happens."""

    __tablename__ = "judgements"
    __table_args__ = (
        UniqueConstraint("need_id", "offering_id", "judge_id"),
        CheckConstraint("probability BETWEEN 0 AND 1", name="probability"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        Index("ix_judgements_judge_id", "judge_id", "changed_at"),
        Index("ix_judgements_changed_at", "changed_at"),
    )

    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offering_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), index=True
    )
    judge_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    revision: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class JudgementChange(OpinionMixin, IdMixin, Base):
    """One revision of a judgement as it was; only ever added."""

    __tablename__ = "judgement_changes"
    __table_args__ = (UniqueConstraint("judgement_id", "revision"),)

    judgement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("judgements.id", ondelete="CASCADE"))
    revision: Mapped[int]
    at: Mapped[datetime]


class JudgingCandidate(IdMixin, Base):
    """A pair that waits for judges, found by the worker; derived, can be made anew at any time.

    Attributes:
        value: how much judging it teaches; the highest comes first.
        causes: words of :class:`matchmaker.matching.ledger.domain.Cause`.
    """

    __tablename__ = "judging_candidates"
    __table_args__ = (
        UniqueConstraint("need_id", "offering_id"),
        Index("ix_judging_candidates_value", "value", "id"),
    )

    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offering_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    probability: Mapped[float | None]
    value: Mapped[float]
    causes: Mapped[list[str]]
    need_hash: Mapped[str] = mapped_column(String(64))
    offering_hash: Mapped[str] = mapped_column(String(64))
    found_at: Mapped[datetime]


class JudgingScan(Base):
    """When the worker last looked for pairs of a need, and at which state of its entry."""

    __tablename__ = "judging_scans"

    need_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class SkippedPair(IdMixin, Base):
    """A pair that a judge passed over; it comes back after some time."""

    __tablename__ = "skipped_pairs"
    __table_args__ = (UniqueConstraint("judge_id", "need_id", "offering_id"),)

    judge_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    need_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("needs.id", ondelete="CASCADE"), index=True
    )
    offering_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
