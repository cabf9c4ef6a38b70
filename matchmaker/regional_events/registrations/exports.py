"""People of an event as tables for Excel. Needs for assistance are a file of their own: they are
sensitive, and most who use the list need not see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable, write_xlsx
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.regional_events.planning.domain import CITIZEN, RESERVE_LABELS
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import event_when
from matchmaker.regional_events.registrations import presentation
from matchmaker.regional_events.registrations.domain import (
    ASSISTANCE_LABELS,
    ATTENDEE_LABELS,
    ATTENDEE_ROLE_LABELS,
)
from matchmaker.regional_events.registrations.models import Attendee

CATEGORY_LABELS = {**{each.code: each.label for each in CATEGORIES}, CITIZEN: "一般の方"}
COLUMNS = (
    Column("受付番号", "参加登録の番号です。同じ登録の人は同じ番号です。", "整数", 10),
    Column("名前", "参加する人の名前です。", "文字", 20),
    Column("フリガナ", "名前の読みです。", "文字", 20),
    Column("団体", "団体の名前です。一般の方は空です。", "文字", 30),
    Column("所属・役職", "本人が入れた所属と役職です。", "文字", 20),
    Column("団体の区分", "団体の区分です。団体のない人は「一般の方」です。", "文字", 16),
    Column("都道府県", "団体の所在地です。", "文字", 10),
    Column("立場", "参加者、登壇者、報道などの別です。", "文字", 14),
    Column("状態", "確定、キャンセル待ちなどの別です。", "文字", 14),
    Column("参加方法", "席のある参加方法です。席のない人は、希望した参加方法です。", "文字", 24),
    Column("確保した席", "登壇者や報道などのための席に座る人の、席の種類です。", "文字", 14),
    Column("メールアドレス", "案内を送るアドレスです。", "文字", 30),
    Column("申し込んだ日時（日本時間）", "登録を受け付けた日時です。", "日時", 20),
    Column("席が確定した日時（日本時間）", "いまの席が確定した日時です。", "日時", 20),
    Column("取り消しの理由", "取り消した人の理由です。", "文字", 30),
)
NEEDS = (
    *COLUMNS[:4],
    *(
        Column(label, f"「{label}」が必要なら「はい」です。", "はい・いいえ", 14)
        for label in ASSISTANCE_LABELS.values()
    ),
    Column("手助けについての連絡", "本人が書いた連絡です。", "文字", 40),
)


def people_workbook(event: RegionalEvent, people: Sequence[Attendee], now: datetime) -> bytes:
    """The people of a list as an Excel workbook.

    Args:
        event: the event.
        people: with registration, organisation, tracks and kept seats.
        now: when the file is made.
    """
    rows = [_cells(person) for person in people]
    return write_xlsx(OutTable("参加者", COLUMNS, rows, _about(event, len(rows), now)))


def assistance_workbook(event: RegionalEvent, people: Sequence[Attendee], now: datetime) -> bytes:
    """Those who need assistance, for the people who prepare it."""
    rows = [_needs(each) for each in people if each.assistance or each.assistance_note]
    return write_xlsx(OutTable("手助けの一覧", NEEDS, rows, _about(event, len(rows), now)))


def _about(event: RegionalEvent, count: int, now: datetime) -> list[tuple[str, str]]:
    return [
        ("イベント", event.name),
        ("日時", event_when(event)),
        ("件数", f"{count:,}人"),
        ("作成日時", format_moment(now)),
        ("取り扱い", "個人情報です。用が済んだら消してください。"),
    ]


def _cells(person: Attendee) -> Sequence[Cell]:
    track = person.track or person.wanted_track
    return (
        person.registration.number,
        person.name,
        person.kana,
        presentation.organization_words(person),
        person.job_title,
        CATEGORY_LABELS.get(person.category, person.category),
        person.prefecture,
        ATTENDEE_ROLE_LABELS[person.role],
        ATTENDEE_LABELS[person.state],
        presentation.track_name(track),
        RESERVE_LABELS[person.reserve.kind] if person.reserve else "",
        presentation.address_of(person),
        person.created_at,
        person.seated_at,
        person.state_reason,
    )


def _needs(person: Attendee) -> Sequence[Cell]:
    return (
        person.registration.number,
        person.name,
        person.kana,
        presentation.organization_words(person),
        *(need.value in person.assistance for need in ASSISTANCE_LABELS),
        person.assistance_note,
    )
