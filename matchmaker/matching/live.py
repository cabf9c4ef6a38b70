"""What serves now: the version of the ranking and the encoder, as the database says."""

from __future__ import annotations

from sqlalchemy import select

from config import Settings
from embeddings.encoder import BUNDLED_MODEL
from matchmaker.core.db import db
from matchmaker.matching.domain import RunState, VersionState
from matchmaker.matching.models import EmbeddingRun, PostVector, RankingVersion

NO_ENCODER = "none"
"""Value of the setting by which ranking goes by words alone."""
BUNDLED_NAME = "intfloat/multilingual-e5-small"


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
    """The model whose vectors serve, as a value of the setting ``EMBEDDING_MODEL``.

    It is that of the last change that went live. Where there was none yet it is the model that made
    the stored vectors, so that a changed setting does not leave a running service without any; and
    that of the settings while there are no vectors.
    """
    if settings.embedding_model == NO_ENCODER:
        return NO_ENCODER
    model = db.session.scalar(select(EmbeddingRun.model).where(EmbeddingRun.state == RunState.LIVE))
    return model or _model_of_vectors() or settings.embedding_model


def setting_of(model_id: str) -> str:
    """The value of ``EMBEDDING_MODEL`` that gives vectors of this name."""
    return BUNDLED_MODEL if model_id.startswith(f"{BUNDLED_NAME}#") else model_id


def _model_of_vectors() -> str:
    model_id = db.session.scalar(select(PostVector.model_id).limit(1))
    return setting_of(model_id) if model_id else ""
