"""What the staff's pages show and choose from."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matchmaker.core.errors import ProductError
from matchmaker.core.formatting import format_moment
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.notifications.domain import STATE_LABELS, OutboxState
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.queries import messages_about
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.questions.presentation import ShownAnswer, shown_answers
from matchmaker.regional_events.planning.domain import CITIZEN, RESERVE_LABELS
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.registrations import presentation, queries, service
from matchmaker.regional_events.registrations.domain import (
    ASSISTANCE_LABELS,
    ATTENDEE_LABELS,
    ATTENDEE_ROLE_LABELS,
    Assistance,
    AttendeeRole,
    AttendeeState,
)
from matchmaker.regional_events.registrations.entry import questions_of
from matchmaker.regional_events.registrations.listing import ALL_STATES, ANY, AttendeeFilter
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.presentation import HISTORY_LABELS

MAIL_KINDS = {
    OutboxState.WAITING: "draft",
    OutboxState.SENDING: "draft",
    OutboxState.SENT: "open",
    OutboxState.FAILED: "error",
    OutboxState.DROPPED: "error",
}
NO_ADDRESS = "メールアドレスがないため、送っていません。"
RESERVE = "reserve:"
CATEGORY_LABELS = {**{each.code: each.label for each in CATEGORIES}, CITIZEN: "一般の方"}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in words.

    Args:
        attendee: the person.
        state: in a word.
        kind: how it is coloured.
        track: where the person sits, or wants to.
        organization: in whose name.
        needs: assistance in words.
        role: as what the person comes, when not as a participant.
        number: reference of the registration.
    """

    attendee: Attendee
    state: str
    kind: str
    track: str
    organization: str
    needs: str
    role: str
    number: str


def row_of(attendee: Attendee) -> PersonRow:
    """A person of the list (registration, organisation, tracks, place in line loaded)."""
    track = attendee.track or attendee.wanted_track
    is_usual = attendee.role is AttendeeRole.PARTICIPANT
    return PersonRow(
        attendee,
        presentation.state_words(attendee),
        presentation.STATE_KINDS[attendee.state],
        presentation.track_name(track),
        presentation.organization_words(attendee),
        presentation.assistance_words(attendee),
        "" if is_usual else ATTENDEE_ROLE_LABELS[attendee.role],
        presentation.reference(attendee.registration),
    )


def filter_of(args: Mapping[str, str]) -> AttendeeFilter:
    """What the address narrows the list to; anything unknown narrows nothing."""
    return AttendeeFilter(
        text=args.get("q", "")[:100],
        track=_id_of(args.get("track", "")),
        state=_known(args.get("state", ""), [*map(str, AttendeeState), ALL_STATES]),
        category=_known(args.get("category", ""), CATEGORY_LABELS),
        prefecture=_known(args.get("prefecture", ""), PREFECTURES),
        assistance=_known(args.get("assistance", ""), [*map(str, Assistance), ANY]),
    )


def active_filters(wanted: AttendeeFilter) -> int:
    """How many conditions are in force."""
    values = (
        wanted.text, wanted.track, wanted.state, wanted.category, wanted.prefecture,
        wanted.assistance,
    )  # fmt: skip
    return sum(1 for value in values if value)


def _known(word: str, words: Sequence[str] | Mapping[str, str]) -> str:
    return word if word in words else ""


def _id_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def filter_choices(event: RegionalEvent) -> dict[str, list[tuple[str, str]]]:
    """What the list may be narrowed to: pairs of value and words by name."""
    return {
        "track": [(str(t.id), presentation.track_name(t)) for t in event.tracks],
        "state": [
            *((state.value, label) for state, label in ATTENDEE_LABELS.items()),
            (ALL_STATES, "取り消しなども含めてすべて"),
        ],
        "category": list(CATEGORY_LABELS.items()),
        "assistance": [
            (ANY, "手助けが必要な方すべて"),
            *((need.value, label) for need, label in ASSISTANCE_LABELS.items()),
        ],
        "prefecture": [(name, name) for name in PREFECTURES],
    }


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail and what became of it."""

    message: OutboxMessage
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class HappenedRow:
    """One thing that happened to a person."""

    when: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything the staff see of a registration.

    Args:
        rows: its people.
        mails: what was written to them, newest first.
        problems: why something was not sent, in words.
        history: what happened, newest first.
        answers: to the questions.
    """

    rows: Sequence[PersonRow]
    mails: Sequence[MailRow]
    problems: Sequence[str]
    history: Sequence[HappenedRow]
    answers: Sequence[ShownAnswer]


def detail_of(registration: Registration, event: RegionalEvent) -> Detail:
    """A registration with mails, history and answers (people and organisation loaded)."""
    ids = [person.id for person in registration.attendees]
    mails = [
        MailRow(message, STATE_LABELS[OutboxState(message.state)], _mail_kind(message))
        for message in messages_about([registration.id, *ids])
    ]
    return Detail(
        rows=[row_of(person) for person in registration.attendees],
        mails=mails,
        problems=_problems(registration, mails),
        history=_history(registration, event, ids),
        answers=_answers(registration, event),
    )


def _mail_kind(message: OutboxMessage) -> str:
    return MAIL_KINDS[OutboxState(message.state)]


def _problems(registration: Registration, mails: Sequence[MailRow]) -> list[str]:
    """Why people were not told, where that is so."""
    found = [
        f"「{row.message.subject}」（{row.message.address}）：{row.state}。{row.message.reason}"
        for row in mails
        if row.kind == "error"
    ]
    mute = [
        person.name
        for person in registration.attendees
        if not (person.email or registration.contact_email)
    ]
    return [*found, *(f"{name}さん：{NO_ADDRESS}" for name in mute)]


def _history(
    registration: Registration, event: RegionalEvent, ids: Sequence[uuid.UUID]
) -> list[HappenedRow]:
    names = {person.id: person.name for person in registration.attendees}
    tracks = {track.id: presentation.track_name(track) for track in event.tracks}
    return [
        HappenedRow(
            format_moment(each.at),
            f"{HISTORY_LABELS[each.kind]}：{names.get(each.attendee_id or event.id, '')}さん",
            "　".join(
                part
                for part in (tracks.get(each.track_id or registration.id, ""), each.reason)
                if part
            ),
        )
        for each in queries.history_of(ids)
    ]


def _answers(registration: Registration, event: RegionalEvent) -> list[ShownAnswer]:
    found = shown_answers(questions_of(event.questions), registration.answers)
    by_track = registration.answers.get("tracks", {})
    for track in event.tracks:
        if str(track.id) in by_track:
            found += shown_answers(questions_of(track.questions), by_track[str(track.id)])
    return found


def seats_of(event: RegionalEvent) -> list[tuple[str, str]]:
    """Where somebody may be seated by hand: each track, and its kept seats."""
    found: list[tuple[str, str]] = []
    for track in event.tracks:
        found.append((str(track.id), f"{presentation.track_name(track)}：一般の席"))
        found += [
            (f"{RESERVE}{kept.id}", f"{presentation.track_name(track)}：{_kept_words(kept.kind)}")
            for kept in track.reserves
        ]
    return found


def _kept_words(kind: object) -> str:
    return f"{RESERVE_LABELS[kind]}のために確保した席"  # type: ignore[index]


def parse_seat(event: RegionalEvent, value: str) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Track and kept seats of a choice of :func:`seats_of`.

    Raises:
        ProductError: it is none of them.
    """
    for track in event.tracks:
        if str(track.id) == value:
            return track.id, None
        for kept in track.reserves:
            if f"{RESERVE}{kept.id}" == value:
                return track.id, kept.id
    raise ProductError("席を選んでください。", "seat")


def seat_person(opened: OpenEvent, attendee: Attendee, value: str, reason: str) -> None:
    """Seat a person there by the staff.

    Raises:
        ProductError: there is no such seat, or none is free.
    """
    track_id, reserve_id = parse_seat(opened.event, value)
    track = next(each for each in opened.event.tracks if each.id == track_id)
    reserve = next((each for each in track.reserves if each.id == reserve_id), None)
    service.seat_by_staff(attendee, track, reserve, opened.actor, opened.now, reason)


def belonging_values(attendee: Attendee) -> dict[str, str]:
    """What the form shows of in whose name a person comes (organisation loaded)."""
    is_listed = attendee.organization_id is not None
    is_citizen = attendee.category == CITIZEN
    return {
        "organization_name": presentation.organization_words(attendee),
        "category": "" if is_listed or is_citizen else attendee.category,
        "prefecture": "" if is_listed else attendee.prefecture,
    }


def is_alone(registration: Registration) -> bool:
    """Whether one person came with this registration, companions aside (people loaded)."""
    return sum(person.companion_of_id is None for person in registration.attendees) == 1


def known_needs(words: Sequence[str] | None) -> list[str]:
    """Only needs that there are."""
    known = set(ASSISTANCE_LABELS)
    return [word for word in words or () if word in known]


def field_of(place: str | None) -> str | None:
    """The field of the form by hand for a place of the seat engine."""
    if place is None:
        return None
    name = place.rpartition("-")[2]
    return {"track_id": "seat", "reserve_id": "seat", "contact_email": "email"}.get(name, name)


def track_of(event: RegionalEvent, track_id: uuid.UUID) -> Track | None:
    """The track of that id."""
    return next((track for track in event.tracks if track.id == track_id), None)
