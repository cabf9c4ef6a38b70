"""Pictures of an event: written anew on the way in, with words for those who do not see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.storage import remove_stored, store
from matchmaker.core.text import clean_line
from matchmaker.core.uploads import PICTURE, check_upload
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reports.domain import (
    ALT_LENGTH,
    CAPTION_LENGTH,
    CONSENT_LENGTH,
    MOST_PHOTOS,
)
from matchmaker.regional_events.reports.events import PhotoAdded, PhotoChanged, PhotoRemoved
from matchmaker.regional_events.reports.models import EventPhoto

TOO_MANY = f"写真は{MOST_PHOTOS}枚までです。いらないものを外してください。"
AT_ONCE = "ほかの人が同時に写真を追加しました。もう一度選んでください。"
NO_ALT = "何が写っているかを書いてください。写真を見られない方に伝わります。"
NO_CONSENT = "写っている方の同意をどう確かめたかを書いてください。"


@dataclass(frozen=True, slots=True)
class PhotoWords:
    """What is said of a picture; see :class:`EventPhoto`."""

    alt_text: str
    consent_note: str
    caption: str = ""


def photos_of(event_id: uuid.UUID) -> Sequence[EventPhoto]:
    """The pictures of an event in their order, with their files."""
    query = (
        select(EventPhoto)
        .where(EventPhoto.event_id == event_id)
        .options(joinedload(EventPhoto.file))
        .order_by(EventPhoto.position)
        .limit(MOST_PHOTOS)
    )
    return db.session.scalars(query).all()


def get_photo(event_id: uuid.UUID, photo_id: uuid.UUID) -> EventPhoto:
    """One picture of the event with its file.

    Raises:
        NotFound: there is none of that id in this event.
    """
    query = (
        select(EventPhoto)
        .where(EventPhoto.id == photo_id, EventPhoto.event_id == event_id)
        .options(joinedload(EventPhoto.file))
    )
    photo = db.session.scalar(query)
    if photo is None:
        raise NotFound
    return photo


def add_photo(
    event: RegionalEvent, name: str, content: bytes, words: PhotoWords, actor: Actor, now: datetime
) -> EventPhoto:
    """Add a picture at the end.

    Raises:
        ProductError: words are missing, it is no picture, or there are enough.
        Conflict: somebody else added one at the same moment.
    """
    words = _checked(words)
    file = check_upload(name, content, PICTURE, "file")
    taken = {photo.position for photo in photos_of(event.id)}
    free = next((place for place in range(1, MOST_PHOTOS + 1) if place not in taken), None)
    if free is None:
        raise ProductError(TOO_MANY, "file")
    photo = EventPhoto(
        event_id=event.id, position=free, file_id=store(file, actor, now).id, created_at=now
    )
    _fill(photo, words)
    db.session.add(photo)
    try:
        db.session.flush()
    except IntegrityError:
        raise Conflict(AT_ONCE) from None
    details = {"photo_id": str(photo.id)}
    record(PhotoAdded(actor=actor, now=now, subject_id=event.id, details=details))
    return photo


def change_photo(photo: EventPhoto, words: PhotoWords, actor: Actor, now: datetime) -> None:
    """Change the words to a picture.

    Raises:
        ProductError: some are missing.
    """
    _fill(photo, _checked(words))
    db.session.flush()
    details = {"photo_id": str(photo.id)}
    record(PhotoChanged(actor=actor, now=now, subject_id=photo.event_id, details=details))


def remove_photo(photo: EventPhoto, actor: Actor, now: datetime) -> None:
    """Take a picture away, for good."""
    stored, details = photo.file, {"photo_id": str(photo.id)}
    record(PhotoRemoved(actor=actor, now=now, subject_id=photo.event_id, details=details))
    db.session.delete(photo)
    db.session.flush()
    remove_stored(stored)


def _fill(photo: EventPhoto, words: PhotoWords) -> None:
    photo.alt_text, photo.caption = words.alt_text, words.caption
    photo.consent_note = words.consent_note


def _checked(words: PhotoWords) -> PhotoWords:
    cleaned = PhotoWords(
        clean_line(words.alt_text), clean_line(words.consent_note), clean_line(words.caption)
    )
    if not cleaned.alt_text:
        raise ProductError(NO_ALT, "alt_text")
    if not cleaned.consent_note:
        raise ProductError(NO_CONSENT, "consent_note")
    bounds = (
        ("alt_text", cleaned.alt_text, ALT_LENGTH),
        ("consent_note", cleaned.consent_note, CONSENT_LENGTH),
        ("caption", cleaned.caption, CAPTION_LENGTH),
    )
    for name, text, most in bounds:
        if len(text) > most:
            raise ProductError(f"{most}文字以内で入れてください。", name)
    return cleaned
