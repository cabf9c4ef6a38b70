"""The ledger's own sources: judgements of staff and experts, answers of people on their cards."""

from __future__ import annotations

from sqlalchemy import case

from matchmaker.matching.ledger.domain import (
    FIT_LABELS,
    REASON_LABELS,
    Side,
    reading_of_answer,
    reading_of_judgement,
)
from matchmaker.matching.ledger.extensions import Evidence, EvidenceSource, evidence
from matchmaker.matching.ledger.models import Judgement
from matchmaker.matching.models import RecommendationFeedback
from matchmaker.posts.domain import PostKind

JUDGEMENT, ANSWER = "judgement", "answer"


def _judgements() -> Evidence:
    return evidence(
        JUDGEMENT,
        record_id=Judgement.id,
        need_id=Judgement.need_id,
        offering_id=Judgement.offering_id,
        side=Judgement.side,
        verdict=Judgement.fit,
        reason=Judgement.reason,
        at=Judgement.changed_at,
        person_id=Judgement.judge_id,
        need_mark=Judgement.need_hash,
        offering_mark=Judgement.offering_hash,
    ).where(Judgement.is_taken_back.is_(False))


def _answers() -> Evidence:
    told = RecommendationFeedback
    by_town = told.seen_from == PostKind.NEED.value
    return evidence(
        ANSWER,
        record_id=told.id,
        need_id=told.need_id,
        offering_id=told.offering_id,
        side=case((by_town, Side.TOWN.value), else_=Side.BUSINESS.value),
        verdict=told.verdict,
        reason=told.reason,
        at=told.at,
        organization_id=told.organization_id,
        person_id=told.user_id,
    )


OWN_SOURCES = (
    EvidenceSource(
        JUDGEMENT,
        "判定",
        _judgements,
        reading_of_judgement,
        {fit.value: label for fit, label in FIT_LABELS.items()},
        REASON_LABELS,
    ),
    EvidenceSource(
        ANSWER,
        "おすすめへの答え",
        _answers,
        reading_of_answer,
        {"useful": "役に立った", "wrong": "違う"},
        REASON_LABELS,
    ),
)
