"""What an organiser says of an event, and which of it can be. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from matchmaker.core.errors import ProductError
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.regional_events.planning.domain import (
    ADDRESS_LENGTH,
    DEFAULT_GUEST_RETENTION_DAYS,
    DEFAULT_HOLD_HOURS,
    MOST_GUEST_RETENTION_DAYS,
    MOST_HOLD_HOURS,
    NAME_LENGTH,
    ORGANIZERS_MOST,
    PLACE_LENGTH,
    URL_LENGTH,
    Audience,
    EventKind,
    OrganizerRole,
    WaitingRule,
)

LONGEST_EVENT = timedelta(days=31)
SUMMARY_LENGTH, TEXT_LENGTH, NOTE_LENGTH, PERSON_LENGTH = 300, 5000, 120, 100
SOUTH, NORTH, WEST, EAST = 20.0, 46.0, 122.0, 154.0
"""Bounds of Japan in degrees (Okinotorishima, Etorofu, Yonaguni, Minamitorishima)."""
ADDRESS_PATTERN = re.compile(r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+$")
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class OrganizerData:
    """An organisation that holds or supports an event.

    Args:
        role: what it does.
        organization_id: its record; None for one without.
        name: what it is called where there is no record.
    """

    role: OrganizerRole
    organization_id: uuid.UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventData:
    """An event as it was typed. The meaning of each value stands in :class:`RegionalEvent`.

    Args:
        series_name: series it belongs to, begun if there is none of that name; empty for none.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    kind: EventKind = EventKind.REGIONAL_DIALOGUE
    audience: Audience = Audience.PUBLIC
    summary: str = ""
    description: str = ""
    times_known: bool = True
    time_note: str = ""
    venue: str = ""
    address: str = ""
    prefecture: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access_note: str = ""
    online_url: str = ""
    online_policy: str = ""
    contact_name: str = ""
    contact_email: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    change_until: datetime | None = None
    hold_hours: int = DEFAULT_HOLD_HOURS
    waiting_rule: WaitingRule = WaitingRule.FIRST_COME
    guest_retention_days: int = DEFAULT_GUEST_RETENTION_DAYS
    series_name: str = ""
    organizers: tuple[OrganizerData, ...] = ()


class InvalidEvent(ProductError):
    """Some values of an event cannot be.

    Args:
        errors: message in Japanese by field name.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        field_name, message = next(iter(errors.items()))
        super().__init__(message, field_name)
        self.errors = dict(errors)


def event_errors(data: EventData) -> dict[str, str]:
    """Message by field for whatever cannot be; the first one of a field counts."""
    errors: dict[str, str] = {}
    for name, message in (
        *_text_errors(data),
        *_time_errors(data),
        *_registration_errors(data),
        *_place_errors(data),
        *_organizer_errors(data),
    ):
        errors.setdefault(name, message)
    return errors


LONGEST = {
    "name": NAME_LENGTH,
    "summary": SUMMARY_LENGTH,
    "description": TEXT_LENGTH,
    "time_note": NOTE_LENGTH,
    "venue": PLACE_LENGTH,
    "address": ADDRESS_LENGTH,
    "access_note": TEXT_LENGTH,
    "online_url": URL_LENGTH,
    "online_policy": TEXT_LENGTH,
    "contact_name": PERSON_LENGTH,
    "series_name": NAME_LENGTH,
}


def _text_errors(data: EventData) -> Iterator[tuple[str, str]]:
    if not data.name:
        yield "name", "名前を入れてください。"
    for name, most in LONGEST.items():
        if len(getattr(data, name)) > most:
            yield name, f"{most:,}文字までで入れてください。"
    if data.online_url and not is_web_address(data.online_url):
        yield "online_url", "https:// で始まるアドレスを入れてください。"
    if data.contact_email and not is_mail_address(data.contact_email):
        yield "contact_email", "メールアドレスを、name@example.jp のように入れてください。"


def _time_errors(data: EventData) -> Iterator[tuple[str, str]]:
    if data.starts_at >= data.ends_at:
        yield "ends_at", "終わりは、始まりより後にしてください。"
    elif data.ends_at - data.starts_at > LONGEST_EVENT:
        yield "ends_at", "終わりは、始まりから31日以内にしてください。"


def _registration_errors(data: EventData) -> Iterator[tuple[str, str]]:
    opens_at, closes_at, until = data.opens_at, data.closes_at, data.change_until
    if opens_at is not None and opens_at >= data.ends_at:
        yield "opens_at", "受付の始まりは、イベントが終わるより前にしてください。"
    if closes_at is not None and opens_at is None:
        yield "opens_at", "締切を決めるときは、受付の始まりも入れてください。"
    if opens_at is not None and closes_at is not None and opens_at >= closes_at:
        yield "closes_at", "締切は、受付の始まりより後にしてください。"
    if closes_at is not None and closes_at > data.ends_at:
        yield "closes_at", "締切は、イベントが終わるまでの日時にしてください。"
    if until is not None and until > data.starts_at:
        yield "change_until", "変更と取り消しの期限は、イベントが始まるまでの日時にしてください。"
    if not 0 <= data.hold_hours <= MOST_HOLD_HOURS:
        yield "hold_hours", f"0から{MOST_HOLD_HOURS}までの時間で入れてください。"
    if not 1 <= data.guest_retention_days <= MOST_GUEST_RETENTION_DAYS:
        yield (
            "guest_retention_days",
            f"1から{MOST_GUEST_RETENTION_DAYS}までの日数で入れてください。",
        )


def _place_errors(data: EventData) -> Iterator[tuple[str, str]]:
    if data.prefecture and data.prefecture not in PREFECTURES:
        yield "prefecture", "都道府県を選び直してください。"
    if (data.latitude is None) != (data.longitude is None):
        yield "longitude", "緯度と経度は、両方とも入れるか、両方とも空けてください。"
    elif data.latitude is not None and not _is_in_japan(data.latitude, data.longitude or 0.0):
        yield "latitude", "日本の中の場所になっていません。緯度と経度を確かめてください。"


def _is_in_japan(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def _organizer_errors(data: EventData) -> Iterator[tuple[str, str]]:
    if len(data.organizers) > ORGANIZERS_MOST:
        yield "organizers", f"主催などの団体は、{ORGANIZERS_MOST}までにしてください。"
    for each in data.organizers:
        if each.organization_id is None and not each.name:
            yield "organizers", "団体の名前を入れてください。"
        if len(each.name) > NAME_LENGTH:
            yield "organizers", f"団体の名前は、{NAME_LENGTH}文字までにしてください。"


def is_web_address(text: str) -> bool:
    """Whether it is an https address with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s", text)


def is_mail_address(text: str) -> bool:
    """Whether it has the shape of a mail address."""
    return len(text) <= LONGEST_ADDRESS and bool(ADDRESS_PATTERN.match(text))
