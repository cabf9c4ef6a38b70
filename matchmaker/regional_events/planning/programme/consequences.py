"""Mail that follows from what happens to speakers."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import people_with_global_role
from matchmaker.core.actor import GlobalRole
from matchmaker.core.signed_links import sign
from matchmaker.notifications.service import mail_people, queue_mail_to_address
from matchmaker.regional_events.planning.domain import Duty, SpeakerConsent
from matchmaker.regional_events.planning.notices import event_when, where_text
from matchmaker.regional_events.planning.programme.domain import LINK_PURPOSE
from matchmaker.regional_events.planning.programme.events import SpeakerAnswered, SpeakerAsked
from matchmaker.regional_events.planning.programme.models import Speaker
from matchmaker.regional_events.planning.programme.queries import (
    appearances_of,
    get_speaker,
    planners_of,
)
from matchmaker.regional_events.planning.queries import get_event


def link_of(speaker: Speaker) -> str:
    """Path of the page on which a speaker answers."""
    return f"/speaker-consents/{sign(LINK_PURPOSE, speaker.id, speaker.link_version)}"


def mail_consent_request(event: SpeakerAsked) -> None:
    """Ask the speaker with a link; once for each time the planner asked."""
    planned = get_event(event.subject_id)
    speaker = get_speaker(event.subject_id, event.speaker_id)
    context = {
        "recipient_name": speaker.name,
        "event_name": planned.name,
        "when": event_when(planned),
        "where": where_text(planned),
        "sessions": [
            f"{session.title}（{role}）" if role else session.title
            for session, role in appearances_of(speaker.id)
        ],
        "contact": " ".join(filter(None, (planned.contact_name, planned.contact_email))),
        "path": link_of(speaker),
    }
    key = f"speaker-consent:{speaker.id}:{speaker.revision}"
    queue_mail_to_address(
        speaker.email, "event-speaker-consent", context, key, speaker.id, event.now
    )


def mail_answer(event: SpeakerAnswered) -> None:
    """Tell those who run the event when the answer is another one, or what is shown changed."""
    if event.before is event.consent and not event.with_changes:
        return
    planned = get_event(event.subject_id)
    speaker = get_speaker(event.subject_id, event.speaker_id)
    context = {
        "event_name": planned.name,
        "speaker_name": speaker.name,
        "agrees": event.consent is SpeakerConsent.GIVEN,
        "was_shown": event.before is SpeakerConsent.GIVEN,
        "with_changes": event.with_changes,
        "path": f"/regional-events/{planned.id}/speakers",
    }
    key = f"speaker-answer:{speaker.id}:{speaker.revision}"
    mail_people(
        _planners(event), "event-speaker-answer", context, key,
        subject_id=planned.id, now=event.now,
    )  # fmt: skip


def _planners(event: SpeakerAnswered) -> Sequence[User]:
    """The people planning the event; the secretariat where nobody else does."""
    people = planners_of(event.subject_id, Duty.PLANNING)
    return people or people_with_global_role(GlobalRole.SECRETARIAT)
