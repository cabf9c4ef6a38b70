"""What came of the meetings: written by each of the two, read by both and by the staff."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_text
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import NOTE_LENGTH, OutcomeVerdict
from matchmaker.regional_events.tables.events import OutcomeRecorded
from matchmaker.regional_events.tables.models import MeetingOutcome, TableGuest, TablePlan
from matchmaker.regional_events.tables.timetables import Companion, VersionView


@dataclass(frozen=True, slots=True)
class OutcomeData:
    """What somebody says of one meeting.

    Args:
        expected_revision: of what was said before; 0 for nothing.
    """

    slot: int
    partner_id: uuid.UUID
    verdict: OutcomeVerdict
    note: str = ""
    expected_revision: int = 0


def record_outcome(
    plan: TablePlan, guest: TableGuest, data: OutcomeData, actor: Actor, now: datetime
) -> MeetingOutcome:
    """Keep what a person says of one meeting; saying it again replaces it.

    Both posts go along as they brought the two together, so that an introduction can follow.

    Raises:
        ProductError: the two did not sit together, the slot has not begun, or the note is too long.
        Conflict: it was changed in another window in between.
    """
    note = clean_text(data.note)
    if len(note) > NOTE_LENGTH:
        raise ProductError(f"{NOTE_LENGTH:,}文字までで入れてください。", "note")
    partner = _partner(plan, guest, data, now)
    outcome = queries.get_outcome(guest.id, data.partner_id, data.slot)
    if (outcome.revision if outcome else 0) != data.expected_revision:
        raise Conflict("ほかの画面で先に記録されました。いまの内容を確かめてください。")
    if outcome is None:
        outcome = MeetingOutcome(
            id=new_id(), event_id=plan.event_id, slot=data.slot, guest_id=guest.id,
            partner_id=data.partner_id, revision=0, created_at=now,
        )  # fmt: skip
        db.session.add(outcome)
    outcome.need_id = partner.need.id if partner.need else None
    outcome.offering_id = partner.offering.id if partner.offering else None
    outcome.verdict, outcome.note, outcome.updated_at = data.verdict, note, now
    outcome.revision += 1
    db.session.flush()
    record(OutcomeRecorded(actor=actor, now=now, subject_id=plan.event_id, outcome_id=outcome.id))
    return outcome


def _partner(plan: TablePlan, guest: TableGuest, data: OutcomeData, now: datetime) -> Companion:
    version = queries.version_in_force(plan.id)
    if version is None:
        raise ProductError("座席表がまだ知らされていません。")
    for sitting in VersionView(version).timetable(guest.id):
        if sitting.slot.number == data.slot:
            if sitting.slot.starts_at > now:
                raise ProductError("まだ始まっていない回です。始まってから記録してください。")
            for companion in sitting.companions:
                if companion.guest_id == data.partner_id:
                    return companion
    raise ProductError("その回で同じテーブルだった人を選んでください。")
