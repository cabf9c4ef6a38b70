"""What introductions say of pairs, for the ledger of the ranking: codes alone, never the words.

Three things are said: that one side is interested, what the other answered, and that it left the
interest without an answer, which says nothing of the pair but how the organisation answers.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, case

from matchmaker.matching.ledger.domain import Reading
from matchmaker.matching.ledger.domain import Side as LedgerSide
from matchmaker.matching.ledger.extensions import Evidence, EvidenceSource, evidence
from matchmaker.partnering.introductions.domain import (
    REASON_LABELS,
    STATE_LABELS,
    IntroductionState,
    ReasonCode,
    Side,
)
from matchmaker.partnering.introductions.models import Introduction

INTEREST, ANSWER, SILENCE = "interest", "introduction", "introduction_unanswered"
INTEREST_READING = Reading(2, 0.5)
"""Who takes the time to write found the pair worth a conversation; as much as a press on a card."""
ACCEPTED_READING = Reading(2, 0.9)
"""Two organisations that open their contacts find it worth a conversation, nearly as sure as a
careful judgement; whether it solves the need is not known yet."""
DECLINED_READINGS = {
    ReasonCode.QUANTITY: Reading(1, 0.7),
    ReasonCode.DISTANCE: Reading(1, 0.7),
    ReasonCode.LICENCE: Reading(1, 0.7),
    ReasonCode.MATURITY: Reading(1, 0.4),
    ReasonCode.OTHER: Reading(0, 0.3),
}
"""Right in content but ruled out by a condition is 1, as in the judged sets. What concerns price,
moment or the office itself (費用・時期・担当交代・庁内調整) says nothing of the fit."""
NOTHING = Reading(None, 0.0)


def _side(of_sender: bool) -> ColumnElement[str]:
    town_first, other = LedgerSide.TOWN.value, LedgerSide.BUSINESS.value
    if not of_sender:
        town_first, other = other, town_first
    return case((Introduction.from_side == Side.TOWN, town_first), else_=other)


def _interests() -> Evidence:
    return evidence(
        INTEREST,
        record_id=Introduction.id,
        need_id=Introduction.need_id,
        offering_id=Introduction.offering_id,
        side=_side(of_sender=True),
        verdict="sent",
        at=Introduction.created_at,
        organization_id=Introduction.sender_organization_id,
        person_id=Introduction.sender_id,
    ).where(Introduction.state != IntroductionState.WITHDRAWN)


def _answers() -> Evidence:
    answered = (IntroductionState.ACCEPTED, IntroductionState.DECLINED)
    return evidence(
        ANSWER,
        record_id=Introduction.id,
        need_id=Introduction.need_id,
        offering_id=Introduction.offering_id,
        side=_side(of_sender=False),
        verdict=Introduction.state,
        reason=case((Introduction.reason_code.is_(None), ""), else_=Introduction.reason_code),
        at=Introduction.answered_at,
        organization_id=Introduction.receiver_organization_id,
        person_id=Introduction.answered_by_id,
    ).where(
        Introduction.state.in_(answered),
        # What ended because a post or an organisation went is nobody's answer.
        Introduction.answered_by_id.is_not(None),
    )


def _unanswered() -> Evidence:
    return evidence(
        SILENCE,
        record_id=Introduction.id,
        need_id=Introduction.need_id,
        offering_id=Introduction.offering_id,
        side=_side(of_sender=False),
        verdict=Introduction.state,
        at=Introduction.closed_at,
        organization_id=Introduction.receiver_organization_id,
    ).where(
        Introduction.state == IntroductionState.UNANSWERED,
        # Once the receiver asked back, it was not the one who kept silent from the beginning.
        Introduction.turn_began_at <= Introduction.created_at,
    )


def _reading_of_silence(_verdict: str, _reason: str) -> Reading:
    return NOTHING


def _reading_of_interest(_verdict: str, _reason: str) -> Reading:
    return INTEREST_READING


def reading_of_answer(verdict: str, reason: str) -> Reading:
    """Grade and weight of an answer with its reason code."""
    if verdict == IntroductionState.ACCEPTED:
        return ACCEPTED_READING
    return DECLINED_READINGS.get(ReasonCode(reason), NOTHING) if reason else NOTHING


INTERESTS = EvidenceSource(
    INTEREST, "関心の伝達", _interests, _reading_of_interest, {"sent": "関心を伝えた"}
)
ANSWERS = EvidenceSource(
    ANSWER,
    "紹介への返事",
    _answers,
    reading_of_answer,
    {
        state.value: STATE_LABELS[state]
        for state in (IntroductionState.ACCEPTED, IntroductionState.DECLINED)
    },
    {code.value: label for code, label in REASON_LABELS.items()},
    {IntroductionState.ACCEPTED.value: True, IntroductionState.DECLINED.value: True},
)
SILENCES = EvidenceSource(
    SILENCE,
    "返事のなかった紹介",
    _unanswered,
    _reading_of_silence,
    {IntroductionState.UNANSWERED.value: STATE_LABELS[IntroductionState.UNANSWERED]},
    answering={IntroductionState.UNANSWERED.value: False},
)
