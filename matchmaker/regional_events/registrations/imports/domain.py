"""Imports of guests: their columns, their states, who counts as the same person. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from matchmaker.core.fields import Choice, FieldKind, FieldSpec, FieldTable, Section
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.text import fold
from matchmaker.regional_events.planning.domain import ReserveKind
from matchmaker.regional_events.registrations.domain import (
    ASSISTANCE_LABELS,
    ATTENDEE_ROLE_LABELS,
    AttendeeRole,
)


class ImportState(StrEnum):
    """Where an import of guests stands."""

    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


STATE_LABELS: Mapping[ImportState, str] = {
    ImportState.CHECKED: "確認待ち",
    ImportState.RUNNING: "登録中",
    ImportState.DONE: "登録済み",
    ImportState.FAILED: "途中で止まりました",
}
WORKING_STATES = frozenset({ImportState.RUNNING})


class RowState(StrEnum):
    """Where one row stands."""

    GOOD = "good"
    FAULTY = "faulty"
    DUPLICATE = "duplicate"
    SEATED = "seated"
    WAITING = "waiting"
    NO_SEAT = "no-seat"
    FAILED = "failed"


MOST_ROWS = 2_000
BATCH_ROWS = 20
"""Rows of one transaction. It holds the seats of the event, so others wait that long at most."""

MOST_CHECKED = 5
"""Checked lists of one event that may wait to be started; the oldest gives way."""

CHECKED_KEPT = timedelta(days=7)
ROWS_KEPT = timedelta(days=30)
ROLES = tuple(role for role in ATTENDEE_ROLE_LABELS if role is not AttendeeRole.COMPANION)
RESERVES: Mapping[AttendeeRole, ReserveKind] = {
    AttendeeRole.SPEAKER: ReserveKind.SPEAKER,
    AttendeeRole.EXPERT: ReserveKind.EXPERT,
    AttendeeRole.PRESS: ReserveKind.PRESS,
    AttendeeRole.STAFF: ReserveKind.SECRETARIAT,
}
"""The kept seats that people of a role sit on, as far as there are any."""

TRACKS = "tracks"
"""Name of the vocabulary that an event brings along: its ways of taking part."""

SECTION = "guest"


def _line(name: str, label: str, most: int, text: str = "", *, required: bool = False) -> FieldSpec:
    return FieldSpec(
        name, label, FieldKind.LINE, SECTION, max_length=most, help=text, required=required
    )


GUESTS = FieldTable(
    (Section(SECTION, "参加する人"),),
    (
        _line("name", "氏名", 100, required=True),
        _line("kana", "フリガナ", 100, "カタカナかひらがなで書きます。"),
        _line("organization_name", "所属", 120, "団体や会社の名前です。一般の方は空けておきます。"),
        _line("job_title", "役職", 100),
        _line("email", "メール", 254, "なければ空けておきます。案内は届きません。"),
        FieldSpec(
            "track", "参加方法", FieldKind.CHOICE, SECTION, vocabulary=TRACKS,
            help="一覧から選びます。参加方法がひとつだけのイベントでは、空けておけます。",
        ),
        FieldSpec(
            "role", "区分", FieldKind.CHOICE, SECTION,
            choices=tuple(Choice(role.value, ATTENDEE_ROLE_LABELS[role]) for role in ROLES),
            help="空けておくと「参加者」になります。",
        ),
        FieldSpec(
            "assistance", "配慮", FieldKind.TEXT, SECTION, max_length=500,
            help="車いすの席、手話通訳など、必要な手助けを書きます。",
        ),
        FieldSpec(
            "memo", "メモ", FieldKind.TEXT, SECTION, max_length=500,
            help="事務局のメモです。本人には見えません。",
        ),
    ),
)  # fmt: skip

OTHER_HEADERS: Mapping[str, str] = {
    "名前": "name",
    "お名前": "name",
    "ふりがな": "kana",
    "団体": "organization_name",
    "団体名": "organization_name",
    "会社名": "organization_name",
    "所属・役職": "job_title",
    "メールアドレス": "email",
    "立場": "role",
    "備考": "memo",
}
"""Column names of lists that people have already, the product's own lists among them."""

EXAMPLE: Mapping[str, Cell] = {
    "name": "循環 花子",
    "kana": "ジュンカン ハナコ",
    "organization_name": "見本商事",
    "job_title": "係長",
    "email": "hanako@example.jp",
    "role": "参加者",
    "assistance": "車いすの席",
    "memo": "電話で申し込み",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose when starting.

    Args:
        waits: whether guests without a free seat get in line; otherwise they are not registered.
        tells: whether the guests get the mail with their ticket.
    """

    waits: bool = True
    tells: bool = False


def needs_of(text: str) -> tuple[list[str], str]:
    """Needs for assistance named in a cell, and what else stands there.

    A need counts when it is written as the product writes it, with or without what the product
    adds in brackets.
    """
    known: dict[str, str] = {}
    for code, label in ASSISTANCE_LABELS.items():
        known[fold(label)] = known[fold(label.partition("（")[0])] = code.value
    parts = [part.strip() for part in text.replace("\n", "、").replace(",", "、").split("、")]
    found = list(dict.fromkeys(known[fold(part)] for part in parts if fold(part) in known))
    rest = [part for part in parts if part and fold(part) not in known]
    return found, "、".join(rest)


class People:
    """People by whom doubles are told: by mail address, or by name and organisation where one of
    the two has no address."""

    def __init__(self) -> None:
        self._by_email: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._without_email: dict[str, str] = {}

    def add(self, email: str, name: str, organization: str, words: str) -> None:
        """Remember a person.

        Args:
            email: in the form in which addresses are compared, or empty.
            words: what is said of somebody who turns out to be the same.
        """
        mark = f"{fold(name)}|{fold(organization)}"
        self._by_name.setdefault(mark, words)
        if email:
            self._by_email.setdefault(email, words)
        else:
            self._without_email.setdefault(mark, words)

    def twin(self, email: str, name: str, organization: str) -> str:
        """What is said of the person remembered that this one is; empty if there is none."""
        mark = f"{fold(name)}|{fold(organization)}"
        if email:
            return self._by_email.get(email) or self._without_email.get(mark, "")
        return self._by_name.get(mark, "")
