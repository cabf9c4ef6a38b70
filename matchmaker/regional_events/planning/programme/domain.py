"""Sessions, speakers and materials: what they may be, and what the planner is warned of. Pure."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.regional_events.planning.content import is_mail_address, is_web_address
from matchmaker.regional_events.planning.domain import (
    URL_LENGTH,
    MaterialAudience,
    SpeakerConsent,
)

TITLE_LENGTH, TEXT_LENGTH, ROOM_LENGTH, ROLE_LENGTH = 200, 2000, 100, 40
PERSON_LENGTH, AFFILIATION_LENGTH, BIOGRAPHY_LENGTH = 100, 200, 2000
APPEARANCES_MOST, MATERIALS_MOST = 30, 100
LINK_PURPOSE = "speaker-consent"
UNNAMED_SPEAKER = "登壇者（調整中）"
HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

CONSENT_LABELS: Mapping[SpeakerConsent, str] = {
    SpeakerConsent.ASKED: "確認前",
    SpeakerConsent.GIVEN: "掲載に同意",
    SpeakerConsent.REFUSED: "掲載しない",
}


class InvalidProgramme(ProductError):
    """What was typed about the programme cannot be.

    Args:
        errors: message in Japanese by field name.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        name, message = next(iter(errors.items()))
        super().__init__(message, name)
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AppearanceData:
    """Who takes part in a session, and as what (司会, パネリスト)."""

    speaker_id: uuid.UUID
    role: str = ""


@dataclass(frozen=True, slots=True)
class SessionData:
    """A session as it was typed."""

    title: str
    starts_at: datetime
    ends_at: datetime
    description: str = ""
    room: str = ""
    takes_questions: bool = False
    appearances: tuple[AppearanceData, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerData:
    """A speaker as the planner typed it."""

    name: str
    kana: str = ""
    affiliation: str = ""
    email: str = ""
    biography: str = ""


@dataclass(frozen=True, slots=True)
class MaterialData:
    """What is said about a material beside its file or address.

    Args:
        publish_at: before this moment only the staff sees it; None is at once.
    """

    title: str
    audience: MaterialAudience
    is_recording: bool = False
    session_id: uuid.UUID | None = None
    publish_at: datetime | None = None


def clean_kana(text: str) -> str:
    """A reading in katakana: half-width kana widened, hiragana turned."""
    return clean_line(text).translate(HIRAGANA_TO_KATAKANA)


def cleaned_session(data: SessionData) -> SessionData:
    """The same with regular text, each speaker once."""
    appearances = {each.speaker_id: each for each in reversed(data.appearances)}
    return replace(
        data,
        title=clean_line(data.title),
        description=clean_text(data.description),
        room=clean_line(data.room),
        appearances=tuple(
            AppearanceData(each.speaker_id, clean_line(each.role))
            for each in reversed(appearances.values())
        ),
    )


def session_errors(data: SessionData) -> dict[str, str]:
    """What has to be mended in a cleaned session: messages by field name."""
    errors = _too_long(data, {"title": TITLE_LENGTH, "description": TEXT_LENGTH,
                              "room": ROOM_LENGTH})  # fmt: skip
    if not data.title:
        errors["title"] = "題名を入れてください。"
    if data.starts_at >= data.ends_at:
        errors["ends_at"] = "終わりは、始まりより後にしてください。"
    if len(data.appearances) > APPEARANCES_MOST:
        errors["appearances"] = f"登壇者は、1つのセッションに{APPEARANCES_MOST}人までです。"
    if any(len(each.role) > ROLE_LENGTH for each in data.appearances):
        errors["appearances"] = f"役割は{ROLE_LENGTH}文字までで入れてください。"
    return errors


def cleaned_speaker(data: SpeakerData) -> SpeakerData:
    """The same with regular text; variation selectors of names (IVS) stay."""
    return SpeakerData(
        name=clean_line(data.name), kana=clean_kana(data.kana),
        affiliation=clean_line(data.affiliation), email=clean_line(data.email),
        biography=clean_text(data.biography),
    )  # fmt: skip


def speaker_errors(data: SpeakerData) -> dict[str, str]:
    """What has to be mended in a cleaned speaker: messages by field name."""
    errors = _too_long(data, {"name": PERSON_LENGTH, "kana": PERSON_LENGTH,
                              "affiliation": AFFILIATION_LENGTH,
                              "biography": BIOGRAPHY_LENGTH})  # fmt: skip
    if not data.name:
        errors["name"] = "名前を入れてください。"
    if data.email and not is_mail_address(data.email):
        errors["email"] = "メールアドレスを、name@example.jp のように入れてください。"
    return errors


def cleaned_material(data: MaterialData) -> MaterialData:
    """The same with regular text."""
    return replace(data, title=clean_line(data.title))


def material_errors(data: MaterialData) -> dict[str, str]:
    """What has to be mended in a cleaned material: messages by field name."""
    errors = _too_long(data, {"title": TITLE_LENGTH})
    if not data.title:
        errors["title"] = "名前を入れてください。"
    return errors


def address_error(url: str) -> str | None:
    """What is wrong with the address of a material, or None."""
    if len(url) > URL_LENGTH:
        return f"{URL_LENGTH}文字までで入れてください。"
    return None if is_web_address(url) else "https:// で始まるアドレスを入れてください。"


def _too_long(data: object, most: Mapping[str, int]) -> dict[str, str]:
    return {
        name: f"{length:,}文字までで入れてください。"
        for name, length in most.items()
        if len(getattr(data, name)) > length
    }


class Span(Protocol):
    """Something with a beginning and an end."""

    @property
    def starts_at(self) -> datetime:
        """Its beginning."""

    @property
    def ends_at(self) -> datetime:
        """Its end."""


class Part(Span, Protocol):
    """A session, as far as warnings need it."""

    @property
    def id(self) -> uuid.UUID:
        """Which one."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def room(self) -> str:
        """Where it is."""


def overlap(one: Span, other: Span) -> bool:
    """Whether both take place at some moment; one after the other is no overlap."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the planner should look at; nothing is refused because of it."""

    session_id: uuid.UUID
    text: str


def programme_warnings(
    event: Span, sessions: Sequence[Part], speakers: Mapping[uuid.UUID, Mapping[uuid.UUID, str]]
) -> list[Warned]:
    """What looks wrong: outside the event's times, two in one room, somebody in two places.

    Args:
        sessions: in the order of the programme.
        speakers: names by speaker id, by session id.
    """
    return [*_outside(event, sessions), *_clashes(sessions, speakers)]


def _outside(event: Span, sessions: Sequence[Part]) -> Iterator[Warned]:
    for each in sessions:
        if each.starts_at < event.starts_at:
            yield Warned(each.id, "イベントの始まりより前に始まります。")
        if each.ends_at > event.ends_at:
            yield Warned(each.id, "イベントの終わりより後に終わります。")


def _clashes(
    sessions: Sequence[Part], speakers: Mapping[uuid.UUID, Mapping[uuid.UUID, str]]
) -> Iterator[Warned]:
    for one, other in itertools.combinations(sessions, 2):
        if not overlap(one, other):
            continue
        if one.room and one.room == other.room:
            yield Warned(
                other.id, f"「{one.title}」と、同じ部屋（{one.room}）で時間が重なっています。"
            )
        theirs = speakers.get(other.id, {})
        for speaker_id, name in speakers.get(one.id, {}).items():
            if speaker_id in theirs:
                yield Warned(
                    other.id, f"{name}さんが、同じ時間に「{one.title}」にも出ることになっています。"
                )


def swapped(one: Span, other: Span) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """Times of two sessions that change places; lengths and the pause between them stay.

    Args:
        one: the earlier one; the two do not overlap.

    Returns:
        The new times of ``one`` and of ``other``.
    """
    length = one.ends_at - one.starts_at
    other_length = other.ends_at - other.starts_at
    return (
        (other.ends_at - length, other.ends_at),
        (one.starts_at, one.starts_at + other_length),
    )
