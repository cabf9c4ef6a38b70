"""What the worker is asked for, and how the shadow version differs from the live one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases.domain import RequestKind, RequestState

OPEN = text("state IN ('waiting', 'running')")


class RankingRequest(IdMixin, Base):
    """A training or measurement that the worker does; at most one of a kind is open.

    Attributes:
        version_number: the version concerned; None for a training until it has one.
        done, total, step: how far it has come, and what is being done, in Japanese.
        message: how it ended.
        attempts: how often a worker began with it.
    """

    __tablename__ = "ranking_requests"
    __table_args__ = (
        Index(
            "uq_ranking_requests_open", "kind", unique=True,
            sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        Index("ix_ranking_requests_requested_at", "requested_at"),
    )  # fmt: skip

    kind: Mapped[RequestKind] = mapped_column(word_column(RequestKind, "kind"))
    state: Mapped[RequestState] = mapped_column(word_column(RequestState, "state"))
    version_number: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    step: Mapped[str] = mapped_column(String(100), default="")
    message: Mapped[str] = mapped_column(String(500), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    requested_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class RankingComparison(IdMixin, Base):
    """How the orders of a version and of the live one differ over stored needs.

    Attributes:
        live_number: the version that was live then.
        needs: stored needs that were compared.
        figures: see :func:`matchmaker.matching.releases.comparing.compare`.
    """

    __tablename__ = "ranking_comparisons"
    __table_args__ = (Index("ix_ranking_comparisons_version_id_at", "version_id", "at"),)

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(RankingVersion.id, ondelete="CASCADE"))
    live_number: Mapped[int]
    needs: Mapped[int]
    figures: Mapped[dict[str, Any]]
    at: Mapped[datetime]
