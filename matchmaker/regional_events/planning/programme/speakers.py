"""Commands on speakers: who they are, and what they say to being shown.

Name, affiliation, biography and portrait are shown to others only after the speaker has agreed, and
only as they were when the speaker agreed: whoever changes them has to ask again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.storage import remove_stored, store
from matchmaker.core.text import clean_text
from matchmaker.core.uploads import PICTURE, check_upload
from matchmaker.regional_events.planning.domain import SPEAKERS_MOST, EventState, SpeakerConsent
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.programme import queries
from matchmaker.regional_events.planning.programme.domain import (
    BIOGRAPHY_LENGTH,
    InvalidProgramme,
    SpeakerData,
    Upload,
    cleaned_speaker,
    speaker_errors,
)
from matchmaker.regional_events.planning.programme.events import (
    SpeakerAnswered,
    SpeakerAsked,
    SpeakerChanged,
)
from matchmaker.regional_events.planning.programme.models import Speaker
from matchmaker.regional_events.planning.programme.service import refuse_stale

SHOWN = ("name", "kana", "affiliation", "biography")
"""What the speaker agrees to, beside the portrait."""

THEMSELVES = Actor(name="登壇者本人（メールのリンクから）")
NO_ADDRESS = "メールアドレスを入れてから送ってください。"


def add_speaker(
    event: RegionalEvent,
    data: SpeakerData,
    portrait: Upload | None,
    actor: Actor,
    now: datetime,
) -> Speaker:
    """Add somebody to the stage; nothing is shown before the person agrees.

    Raises:
        InvalidProgramme: what was typed cannot be.
        RefusedFile: the portrait is not taken (field ``portrait``).
        ProductError: there are too many.
    """
    if queries.count_of(Speaker, event.id) >= SPEAKERS_MOST:
        raise ProductError(f"登壇者は{SPEAKERS_MOST}人までです。")
    position = queries.next_position(Speaker, event.id)
    speaker = Speaker(event_id=event.id, position=position, consent=SpeakerConsent.ASKED)
    speaker.link_version = speaker.revision = 1
    speaker.portrait = None
    _write(speaker, _checked(data))
    _set_portrait(speaker, portrait, actor, now)
    db.session.add(speaker)
    _record(speaker, actor, now, "added")
    return speaker


def change_speaker(
    speaker: Speaker,
    data: SpeakerData,
    portrait: Upload | None,
    actor: Actor,
    now: datetime,
    *,
    removes_portrait: bool = False,
    expected_revision: int | None = None,
) -> bool:
    """Describe a speaker (loaded with the portrait) otherwise.

    Returns:
        Whether the person has to be asked again, because what was agreed to is different now.

    Raises:
        Conflict: somebody changed it since.
        InvalidProgramme: what was typed cannot be.
        RefusedFile: the portrait is not taken.
    """
    refuse_stale(speaker, expected_revision)
    before = [getattr(speaker, name) for name in SHOWN]
    _write(speaker, _checked(data))
    is_other = [getattr(speaker, name) for name in SHOWN] != before
    is_other = _set_portrait(speaker, portrait, actor, now, removes=removes_portrait) or is_other
    asks_again = is_other and speaker.consent is SpeakerConsent.GIVEN
    if asks_again:
        speaker.consent, speaker.consent_at = SpeakerConsent.ASKED, None
    speaker.revision += 1
    _record(speaker, actor, now, "changed")
    return asks_again


def remove_speaker(speaker: Speaker, actor: Actor, now: datetime) -> None:
    """Take somebody off the stage, with biography and portrait, for good."""
    portrait = speaker.portrait
    _record(speaker, actor, now, "removed")
    db.session.delete(speaker)
    db.session.flush()
    if portrait is not None:
        remove_stored(portrait)


def move_speaker(speaker: Speaker, step: int, actor: Actor, now: datetime) -> None:
    """Let a speaker change places with the one before (-1) or after (1)."""
    speakers = list(queries.speakers_of(speaker.event_id))
    place = next(n for n, each in enumerate(speakers) if each.id == speaker.id)
    if not 0 <= place + step < len(speakers):
        return
    speakers.insert(place + step, speakers.pop(place))
    for number, each in enumerate(speakers, start=1):
        each.position = number
    _record(speaker, actor, now, "moved")


def ask_speaker(
    event: RegionalEvent,
    speaker: Speaker,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> None:
    """Ask by mail whether the person may be shown; a second press writes no second mail.

    Raises:
        Conflict: somebody changed or asked the person since, or the event is put away.
        ProductError: there is no address.
    """
    refuse_stale(speaker, expected_revision)
    if event.state is EventState.ARCHIVED:
        raise Conflict("保管したイベントでは、メールを送れません。")
    if not speaker.email:
        raise ProductError(NO_ADDRESS, "email")
    speaker.asked_at = now
    speaker.revision += 1
    db.session.flush()
    record(SpeakerAsked(actor=actor, now=now, subject_id=event.id, speaker_id=speaker.id))


def answer_as_speaker(
    speaker: Speaker,
    *,
    agrees: bool,
    biography: str,
    portrait: Upload | None,
    removes_portrait: bool,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """What the speaker says on the page behind the link, with corrections of what is shown.

    Args:
        expected_revision: the revision that the person saw: nobody agrees to something else.

    Raises:
        Conflict: the organiser changed something meanwhile.
        InvalidProgramme: the biography is too long.
        RefusedFile: the portrait is not taken.
    """
    if expected_revision is not None and expected_revision != speaker.revision:
        raise Conflict(
            "開いているあいだに、主催者が内容を変えました。下の内容を確かめて、もう一度"
            "答えてください。"
        )
    biography = clean_text(biography)
    if len(biography) > BIOGRAPHY_LENGTH:
        message = f"{BIOGRAPHY_LENGTH:,}文字までで入れてください。"
        raise InvalidProgramme({"biography": message})
    before, is_other = speaker.consent, biography != speaker.biography
    speaker.biography = biography
    is_other |= _set_portrait(speaker, portrait, THEMSELVES, now, removes=removes_portrait)
    speaker.consent = SpeakerConsent.GIVEN if agrees else SpeakerConsent.REFUSED
    speaker.consent_at = now
    speaker.revision += 1
    db.session.flush()
    record(
        SpeakerAnswered(
            actor=THEMSELVES, now=now, subject_id=speaker.event_id, speaker_id=speaker.id,
            before=before, consent=speaker.consent, with_changes=is_other,
            details={"consent": speaker.consent.value},
        )
    )  # fmt: skip


def _checked(data: SpeakerData) -> SpeakerData:
    data = cleaned_speaker(data)
    errors = speaker_errors(data)
    if errors:
        raise InvalidProgramme(errors)
    return data


def _write(speaker: Speaker, data: SpeakerData) -> None:
    """The link of a former address is void: it may have reached somebody else."""
    if speaker.email is not None and speaker.email != data.email:
        speaker.link_version += 1
    speaker.email = data.email
    for name in SHOWN:
        setattr(speaker, name, getattr(data, name))


def _set_portrait(
    speaker: Speaker,
    portrait: Upload | None,
    actor: Actor,
    now: datetime,
    *,
    removes: bool = False,
) -> bool:
    """Whether there is another portrait (or none) now."""
    if portrait is None and not (removes and speaker.portrait is not None):
        return False
    former = speaker.portrait
    if portrait is None:
        speaker.portrait = None
    else:
        checked = check_upload(portrait.name, portrait.content, PICTURE, "portrait")
        speaker.portrait = store(checked, actor, now)
    db.session.flush()
    if former is not None:
        remove_stored(former)
    return True


def _record(speaker: Speaker, actor: Actor, now: datetime, action: str) -> None:
    db.session.flush()
    details: dict[str, Any] = {"action": action}
    record(
        SpeakerChanged(
            actor=actor, now=now, subject_id=speaker.event_id, speaker_id=speaker.id,
            details=details,
        )
    )  # fmt: skip
