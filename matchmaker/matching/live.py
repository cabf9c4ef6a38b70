"""What serves now: the version of the ranking and the encoder, as the database says."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import select

from config import Settings
from embeddings.encoder import BUNDLED_MODEL
from embeddings.partnership import BadParameters, PartnershipModel
from matchmaker.core.db import db
from matchmaker.matching.domain import RunState, VersionState
from matchmaker.matching.models import EmbeddingRun, PostVector, RankingVersion

NO_ENCODER = "none"
"""Value of the setting by which ranking goes by words alone."""
BUNDLED_NAME = "intfloat/multilingual-e5-small"
log = structlog.get_logger()


def live_version() -> RankingVersion | None:
    """The version in use; None while that is the shipped one."""
    return db.session.scalar(
        select(RankingVersion).where(RankingVersion.state == VersionState.LIVE)
    )


@dataclass(frozen=True, slots=True)
class Serving:
    """The parameters that rank now.

    Attributes:
        model: of the live version; the shipped ones where that cannot be read.
        number: of the version that the model is; 0 for the shipped one.
        failure: for operators, why the live version is not used; empty when all is well.
    """

    model: PartnershipModel
    number: int = 0
    failure: str = ""


def serving_model() -> Serving:
    """What ranks now.

    Better the shipped ranking than none: after a change of the program, stored parameters may be of
    a format that it does not know.
    """
    version = live_version()
    if version is None:
        return Serving(PartnershipModel.shipped())
    try:
        return Serving(PartnershipModel.from_json(version.parameters), version.number)
    except BadParameters as error:
        log.warning("parameters_unusable", version=version.number, error=str(error))
        return Serving(
            PartnershipModel.shipped(),
            failure=f"shipped parameters: version {version.number} cannot be read",
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
