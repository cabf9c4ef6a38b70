"""What serves now: the version of the ranking and the encoder, as the database says."""

from __future__ import annotations

from sqlalchemy import select

from config import Settings
from matchmaker.core.db import db
from matchmaker.matching.domain import RunState, VersionState
from matchmaker.matching.models import EmbeddingRun, RankingVersion


def live_version() -> RankingVersion | None:
    """The version in use; None while that is the shipped one."""
    return db.session.scalar(
        select(RankingVersion).where(RankingVersion.state == VersionState.LIVE)
    )


def shadow_version() -> RankingVersion | None:
    """The version that is compared with the live one, if any."""
    return db.session.scalar(
        select(RankingVersion).where(RankingVersion.state == VersionState.SHADOW)
    )


def live_encoder(settings: Settings) -> str:
    """The model whose vectors serve: that of the last change made, else that of the settings."""
    model = db.session.scalar(select(EmbeddingRun.model).where(EmbeddingRun.state == RunState.LIVE))
    return model or settings.embedding_model
