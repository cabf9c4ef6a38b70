"""What the ranking keeps in the database: the queue, the entries, the vectors, the opinions.

Vectors are keyed by model and text hash, so that two posts of the same text share them and a change
that leaves the text alone costs nothing. Entries are derived and can be rebuilt at any time.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.matching.domain import RunState, VersionState

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


class IndexRequest(Base):
    """A post whose entry has to be made anew. The counter of ``seq`` numbers the entries too."""

    __tablename__ = "index_requests"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16))
    post_id: Mapped[uuid.UUID] = mapped_column(index=True)
    requested_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class IndexEntry(Base):
    """A post as the ranking knows it; unlisted ones stay as a sign for other processes.

    ``seq`` grows with each writing of any entry, so that a process reads on from where it stopped.
    """

    __tablename__ = "index_entries"
    __table_args__ = (Index("ix_index_entries_seq", "seq"),)

    post_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(SEQUENCE)
    is_listed: Mapped[bool] = mapped_column(Boolean)
    visibility: Mapped[str] = mapped_column(String(16))
    text_hash: Mapped[str] = mapped_column(String(64), index=True)
    text_version: Mapped[str] = mapped_column(String(16))
    facts: Mapped[dict[str, Any]]
    words: Mapped[str] = mapped_column(Text)


class PostVector(Base):
    """Vectors of one text by one model (whole text and passages, packed)."""

    __tablename__ = "post_vectors"

    model_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    dimension: Mapped[int]
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class RankingVersion(IdMixin, Base):
    """Parameters of the ranking with the figures they were measured by; rows are never removed.

    Attributes:
        number: counts up; the shipped parameters are number 0 and have no row.
        state: see :class:`matchmaker.matching.domain.VersionState`.
        parameters: what ``embeddings.partnership`` reads.
        figures: measures per judged set, per material and per region, against the live version.
        trained_on: numbers of pairs by where they come from.
        reason: why it was promoted, rolled back or refused.
    """

    __tablename__ = "ranking_versions"
    __table_args__ = (
        Index(
            "uq_ranking_versions_live", "state", unique=True,
            sqlite_where=text("state = 'live'"), postgresql_where=text("state = 'live'"),
        ),
        Index(
            "uq_ranking_versions_shadow", "state", unique=True,
            sqlite_where=text("state = 'shadow'"), postgresql_where=text("state = 'shadow'"),
        ),
    )  # fmt: skip

    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[VersionState] = mapped_column(word_column(VersionState, "state"))
    parameters: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    trained_on: Mapped[dict[str, Any]]
    trained_at: Mapped[datetime]
    promoted_at: Mapped[datetime | None]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")


class EmbeddingRun(IdMixin, Base):
    """One change of the encoder: texts embedded so far, and what came of it.

    Attributes:
        model: value of the setting; ``model_id`` is the name under which vectors are stored.
        state: see :class:`matchmaker.matching.domain.RunState`; the newest live run names the
            encoder that serves, and without one the setting does.
        total, done: texts to embed and embedded.
        figures: measures of both encoders on the judged sets and the ledger.
        message: why it was refused or stopped.
    """

    __tablename__ = "embedding_runs"
    __table_args__ = (
        Index(
            "uq_embedding_runs_live", "state", unique=True,
            sqlite_where=text("state = 'live'"), postgresql_where=text("state = 'live'"),
        ),
        Index(
            "uq_embedding_runs_running", "state", unique=True,
            sqlite_where=text("state = 'running'"), postgresql_where=text("state = 'running'"),
        ),
    )  # fmt: skip

    model: Mapped[str] = mapped_column(String(200))
    model_id: Mapped[str] = mapped_column(String(120))
    state: Mapped[RunState] = mapped_column(word_column(RunState, "state"))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]]
    message: Mapped[str] = mapped_column(String(500), default="")
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class RecommendationFeedback(IdMixin, Base):
    """What a person thinks of one recommended pair; kept for learning later."""

    __tablename__ = "recommendation_feedback"
    __table_args__ = (
        UniqueConstraint("need_id", "offering_id", "user_id"),
        CheckConstraint("verdict IN ('useful', 'wrong')", name="verdict_known"),
    )

    need_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"))
    offering_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    organization_id: Mapped[uuid.UUID | None]
    seen_from: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int | None]
    at: Mapped[datetime]
