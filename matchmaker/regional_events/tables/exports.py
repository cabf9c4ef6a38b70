"""What came of the meetings as a table for Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.tables.domain import VERDICT_LABELS
from matchmaker.regional_events.tables.models import MeetingOutcome
from matchmaker.regional_events.tables.timetables import organization_of

COLUMNS = (
    Column("回", "何回目の対話かです。", "数", 6),
    Column("記録した人", "結果を記録した人の名前です。", "文字", 20),
    Column("記録した人の団体", "その人の団体の名前です。", "文字", 30),
    Column("相手", "話した相手の名前です。", "文字", 20),
    Column("相手の団体", "相手の団体の名前です。", "文字", 30),
    Column("結果", "関心あり・続けて話す・なし、のどれかです。", "文字", 14),
    Column("メモ", "記録した人のメモです。", "文字", 50),
    Column("ニーズの件名", "話すきっかけになったニーズです。", "文字", 40),
    Column("ニーズの番号", "このサービスの中での番号です。", "文字", 38, as_text=True),
    Column("シーズの件名", "話すきっかけになったシーズです。", "文字", 40),
    Column("シーズの番号", "このサービスの中での番号です。", "文字", 38, as_text=True),
    Column("記録した日時（日本時間）", "最後に記録した日時です。", "日時", 20),
)


def outcome_table(
    event: RegionalEvent, outcomes: Sequence[MeetingOutcome], now: datetime
) -> OutTable:
    """All outcomes of an event.

    Args:
        outcomes: with both people and both posts.
        now: when the file is made.
    """
    about = [("イベント", event.name), ("作成日時", format_moment(now))]
    return OutTable("対話の結果", COLUMNS, [_cells(each) for each in outcomes], about)


def _cells(outcome: MeetingOutcome) -> Sequence[Cell]:
    one, other = outcome.guest.attendee, outcome.partner.attendee
    return (
        outcome.slot, one.name, organization_of(one), other.name, organization_of(other),
        VERDICT_LABELS[outcome.verdict], outcome.note, *_post(outcome.need),
        *_post(outcome.offering), outcome.updated_at,
    )  # fmt: skip


def _post(post: Any) -> tuple[Cell, Cell]:
    return (post.title, str(post.id)) if post is not None else (None, None)
