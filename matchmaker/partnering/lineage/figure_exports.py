"""The figures as tables for Excel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.partnering.lineage.figures import (
    GROUPING_LABELS,
    STAGE_LABELS,
    STAGES,
    Figures,
    Grouping,
)

STAGE_COLUMNS = (
    Column("段階", "公開したニーズから実証までの、進みぐあいの段階です。", "文字", 18),
    Column("件数（件）", "その段階の記録の数です。", "数", 12),
    Column("ここまで進んだニーズ（件）", "この段階の記録が1件でもあるニーズの数です。", "数", 16),
    Column("ここで止まっているニーズ（件）", "この段階が、いちばん先のニーズの数です。", "数", 16),
    Column(
        "前の段階からの日数の中央値（日）",
        "同じニーズの、前の段階の最初の記録から、この段階の最初の記録までの日数です。",
        "数", 18,
    ),
    Column("日数を計算したニーズ（件）", "中央値のもとになったニーズの数です。", "数", 16),
)  # fmt: skip
STOP_COLUMNS = (
    Column("段階", "止まった段階です。", "文字", 18),
    Column("理由", "選ばれた理由です。理由の欄がない段階では、いまの状態です。", "文字", 30),
    Column("件数（件）", "その理由で止まった記録の数です。", "数", 12),
)


def about(wanted: Mapping[Grouping, str], now: datetime) -> list[tuple[str, str]]:
    """The conditions and the time, for the sheet of definitions."""
    chosen = [(GROUPING_LABELS[grouping], word) for grouping, word in wanted.items()]
    return [*(chosen or [("条件", "すべてのニーズ")]), ("作成日時", format_moment(now))]


def stage_table(figures: Figures, wanted: Mapping[Grouping, str], now: datetime) -> OutTable:
    """A line a stage: how many, how far, how long."""
    rows: list[tuple[Cell, ...]] = [
        (
            STAGE_LABELS[each.stage], each.records, each.needs, each.furthest,
            _rounded(each.median_days), each.measured,
        )
        for each in figures.stages
    ]  # fmt: skip
    return OutTable("段階ごとの数", STAGE_COLUMNS, rows, about(wanted, now))


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 1)


def part_table(
    figures: Figures, grouping: Grouping, wanted: Mapping[Grouping, str], now: datetime
) -> OutTable:
    """A line a part: how many records of each stage, and after how many days."""
    label = GROUPING_LABELS[grouping]
    counts = [
        Column(f"{STAGE_LABELS[stage]}（件）", "ニーズから生まれた記録の数です。", "数", 14)
        for stage in STAGES
    ]
    days = [
        Column(
            f"{STAGE_LABELS[stage]}までの日数の中央値（日）",
            "同じニーズの、前の段階の最初の記録からの日数です。",
            "数", 18,
        )
        for stage in STAGES[1:]
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            part.label,
            *(part.records[stage] for stage in STAGES),
            *(_rounded(part.days[stage]) for stage in STAGES[1:]),
        )
        for part in figures.parts
    ]
    columns = (Column(label, "まとめた単位です。", "文字", 24), *counts, *days)
    return OutTable(f"{label}ごとの数", columns, rows, about(wanted, now))


def stop_table(figures: Figures, wanted: Mapping[Grouping, str], now: datetime) -> OutTable:
    """A line a reason: where things stopped, and why."""
    rows = [(STAGE_LABELS[stop.stage], stop.reason, count) for stop, count in figures.stops]
    return OutTable("止まったところと理由", STOP_COLUMNS, rows, about(wanted, now))
