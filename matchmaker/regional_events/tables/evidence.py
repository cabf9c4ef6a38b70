"""What came of meetings, for the ledger of the ranking: the verdict alone, never the note."""

from __future__ import annotations

from sqlalchemy import case

from matchmaker.matching.ledger.domain import Reading, Side
from matchmaker.matching.ledger.extensions import Evidence, EvidenceSource, evidence
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables.domain import VERDICT_LABELS, OutcomeVerdict
from matchmaker.regional_events.tables.models import MeetingOutcome, TableGuest

SOURCE = "meeting"
READINGS = {
    OutcomeVerdict.FOLLOW_UP: Reading(2, 0.8),
    OutcomeVerdict.INTEREST: Reading(2, 0.6),
    OutcomeVerdict.NOTHING: Reading(1, 0.3),
}
"""Who goes on talking found it worth a conversation (grade 2; whether it solves the need is not
known yet). Of a talk that led nowhere no more is known than that it was worth a look, so its weight
is small."""


def _outcomes() -> Evidence:
    by_town = Attendee.organization_id == Need.organization_id
    return (
        evidence(
            SOURCE,
            record_id=MeetingOutcome.id,
            need_id=MeetingOutcome.need_id,
            offering_id=MeetingOutcome.offering_id,
            side=case((by_town, Side.TOWN.value), else_=Side.BUSINESS.value),
            verdict=MeetingOutcome.verdict,
            at=MeetingOutcome.updated_at,
            organization_id=Attendee.organization_id,
            person_id=Attendee.user_id,
        )
        .join(TableGuest, TableGuest.id == MeetingOutcome.guest_id)
        .join(Attendee, Attendee.id == TableGuest.attendee_id)
        .join(Need, Need.id == MeetingOutcome.need_id)
        .join(Offering, Offering.id == MeetingOutcome.offering_id)
        # Others at the table speak for neither side.
        .where(Attendee.organization_id.in_((Need.organization_id, Offering.organization_id)))
    )


def _reading(verdict: str, _reason: str) -> Reading:
    return READINGS[OutcomeVerdict(verdict)]


MEETINGS = EvidenceSource(
    SOURCE,
    "対話の結果",
    _outcomes,
    _reading,
    # 「なし」 answers the question of the outcome's form; alone, in a list, it would say nothing.
    {
        **{verdict.value: label for verdict, label in VERDICT_LABELS.items()},
        OutcomeVerdict.NOTHING.value: "話は続かなかった",
    },
)
