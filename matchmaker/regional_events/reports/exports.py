"""Figures of events as tables for Excel (one table a sheet, units in the names, ISO dates)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from matchmaker.core.clock import fiscal_year, today
from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.regional_events.planning.domain import KIND_LABELS
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reports.figures import EventFigures, Line
from matchmaker.regional_events.reports.overview import OverviewRow, Timeline

PARTS = (("tracks", "参加方法"), ("categories", "参加者の区分"), ("prefectures", "都道府県"))
NAME = Column("イベント名", "イベントの名前です。", "文字", 36)
DAY = Column("開催日", "始まる日（日本時間）です。", "日付", 12)
EVENT_COLUMNS = (
    NAME,
    DAY,
    Column("年度（西暦）", "4月から翌年3月までの年度です。", "数", 8, as_text=True),
    Column("シリーズ", "まとまりの名前です。", "文字", 24),
    Column("種類", "イベントの種類です。", "文字", 14),
    Column("開催地の都道府県", "会場のある都道府県です。", "文字", 12),
    Column("申し込み（人）", "申し込んだ人の数です。取り消した人を含みます。", "数"),
    Column("席のある人（人）", "席が確定している人の数です。", "数"),
    Column("定員（席）", "定員のある参加方法の席の合計です。", "数"),
    Column("席の埋まり（%）", "定員のある参加方法で、席のある人が定員に占める割合です。", "数"),
    Column("出席（人）", "受付で出席になった人の数です。", "数"),
    Column("欠席の割合（%）", "出席を取った参加方法で、席があって来なかった人の割合です。", "数"),
    Column("取り消し（回）", "取り消しの回数です。", "数"),
    Column("キャンセル待ち（件）", "順番待ちの件数の合計です。", "数"),
    Column("席の案内（件）", "空いた席を案内した順番待ちの件数です。", "数"),
    Column("待ってから席を得た（件）", "順番待ちから席が確定した件数です。", "数"),
    Column("費用の予定（円）", "予定した費用の合計です。", "数"),
    Column("費用の実績（円）", "かかった費用の合計です。", "数"),
    Column("1人あたりの費用（円）", "費用を、出席（まだなら席のある人）で割った額です。", "数"),
)
PART_COLUMNS = (
    NAME,
    DAY,
    Column("分け方", "参加方法、参加者の区分、都道府県のどれかです。", "文字", 14),
    Column("項目", "分けた先の名前です。", "文字", 24),
    Column("申し込み（人）", "申し込んだ人の数です。", "数"),
    Column("席のある人（人）", "席が確定している人の数です。", "数"),
    Column("出席（人）", "受付で出席になった人の数です。", "数"),
    Column("定員（席）", "参加方法の定員です。", "数"),
)
TIMELINE_COLUMNS = (
    Column("日", "数えた日（その日の終わり、日本時間）です。", "日付", 12),
    Column("分け方", "全体、参加方法、参加者の区分、都道府県のどれかです。", "文字", 14),
    Column("項目", "分けた先の名前です。", "文字", 24),
    Column("人数（人）", "その日の終わりの人数です。", "数"),
    Column("定員（席）", "参加方法の定員です。", "数"),
)


def percent(rate: float | None) -> float | None:
    """A share as per cent with one decimal."""
    return None if rate is None else round(rate * 100, 1)


def events_table(rows: Sequence[OverviewRow], now: datetime) -> OutTable:
    """One row for each event."""
    return OutTable("イベント", EVENT_COLUMNS, (_event_cells(row) for row in rows), _about(now))


def _event_cells(row: OverviewRow) -> Sequence[Cell]:
    event, figures, waiting = row.event, row.figures, row.figures.waiting
    day = today(event.starts_at)
    return (
        event.name, day, str(fiscal_year(day)), event.series.name if event.series else "",
        KIND_LABELS[event.kind], event.prefecture, figures.registered, figures.confirmed,
        figures.capacity, percent(figures.fill_rate), figures.present,
        percent(figures.no_show_rate), row.cancellations, waiting.entries, waiting.offered,
        waiting.accepted, row.costs.planned_yen, row.costs.actual_yen, row.yen_per_participant,
    )  # fmt: skip


def parts_table(rows: Sequence[OverviewRow], now: datetime) -> OutTable:
    """One row for each track, category and prefecture of each event."""
    return OutTable("内訳", PART_COLUMNS, _part_rows(rows), _about(now))


def _part_rows(rows: Sequence[OverviewRow]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        for name, label in PARTS:
            for line in _lines(row.figures, name):
                yield (
                    row.event.name, today(row.event.starts_at), label, line.label,
                    line.registered, line.confirmed, line.present, line.capacity,
                )  # fmt: skip


def _lines(figures: EventFigures, name: str) -> Sequence[Line]:
    lines: Sequence[Line] = getattr(figures, name)
    return lines


def timeline_table(event: RegionalEvent, timeline: Timeline | None, now: datetime) -> OutTable:
    """How one event filled: a row for each day and part."""
    about = [("イベント", event.name), *_about(now)]
    return OutTable("席の推移", TIMELINE_COLUMNS, _timeline_rows(timeline), about)


def _timeline_rows(timeline: Timeline | None) -> Iterator[Sequence[Cell]]:
    if timeline is None:
        return
    whole = (timeline.requested, timeline.seats, timeline.cancelled)
    parts = [("全体", whole), *((label, getattr(timeline, name)) for name, label in PARTS)]
    for label, curves in parts:
        for curve in curves:
            for day, value in zip(timeline.days, curve.values, strict=True):
                yield (day, label, curve.label, value, curve.capacity)


def _about(now: datetime) -> list[tuple[str, str]]:
    return [("作成日時", format_moment(now)), ("出典", "めぐりあわせの参加登録と受付の記録")]
