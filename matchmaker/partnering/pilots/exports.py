"""Figures of pilots as tables for Excel (one table a sheet, units in the names, ISO dates)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from matchmaker.core.clock import fiscal_year
from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.partnering.pilots.domain import PILOT_STATES
from matchmaker.partnering.pilots.figures import indicator_views
from matchmaker.partnering.pilots.models import Pilot, PilotReport

CODE = Column(
    "全国地方公共団体コード", "実証をする市区町村の6桁のコードです。", "文字", 14, as_text=True
)
PLACE = (
    Column("実証の名前", "実証の名前です。", "文字", 36),
    CODE,
    Column("都道府県", "実証をする都道府県です。", "文字", 10),
    Column("市区町村", "実証をする市区町村です。", "文字", 12),
)
RESULT_COLUMNS = (
    *PLACE,
    Column("年度（西暦）", "報告の期間がある年度です。4月から翌年3月までです。", "数", 8,
           as_text=True),
    Column("期間の始まり", "報告の期間の最初の日です。", "日付", 12),
    Column("期間の終わり", "報告の期間の最後の日です。", "日付", 12),
    Column("指標", "数えたものの名前です。", "文字", 24),
    Column("単位", "値、基準、目標の単位です。", "文字", 10),
    Column("値", "期間の値です。空は、報告がないことを表します。", "数"),
    Column("推計", "1は推計した値、0は量った値です。", "数", 8),
    Column("値の説明", "値の根拠などです。", "文字", 30),
    Column("基準", "実証をしない場合の、実証の期間全体の値です。", "数"),
    Column("目標", "実証の期間全体の目標です。", "数"),
    Column("版", "直すたびに1ずつ増えます。", "数", 8),
    Column("提出した日", "はじめて提出した日（日本時間）です。", "日付", 12),
)  # fmt: skip
LIST_COLUMNS = (
    *PLACE,
    Column("座組", "実証をする座組の名前です。", "文字", 30),
    Column("状態", "計画中、実施中、取りまとめ中、完了、中止のどれかです。", "文字", 12),
    Column("始まる日", "実証の最初の日です。", "日付", 12),
    Column("終わる日", "実証の最後の日です。", "日付", 12),
    Column("遅れている報告（件）", "期日を過ぎて出ていない報告の数です。", "数"),
    Column("遅れている節目（件）", "期日を過ぎてできていない節目の数です。", "数"),
    Column("次の報告の期日", "次に出す報告の期日です。", "日付", 12),
)


def _place(pilot: Pilot) -> tuple[Cell, ...]:
    town = pilot.municipality
    return pilot.title, pilot.municipality_code, town.prefecture, town.name


def results_table(pilot: Pilot, now: datetime) -> OutTable:
    """One row for each indicator and period of a whole pilot."""
    return OutTable("実証の指標", RESULT_COLUMNS, _results(pilot), _about(now))


def _results(pilot: Pilot) -> Iterator[Sequence[Cell]]:
    reports = {each.period_from: each for each in pilot.reports}
    for view in indicator_views(pilot):
        for period in view.periods:
            report = reports[period.period_from]
            yield (
                *_place(pilot), str(fiscal_year(period.period_to)), period.period_from,
                period.period_to, view.name, view.unit, period.value,
                None if period.value is None else int(period.is_estimate), period.note,
                view.baseline, view.goal, _number(report), report.handed_in_at,
            )  # fmt: skip


def _number(report: PilotReport) -> int | None:
    return report.current.number if report.current is not None else None


def _about(now: datetime) -> list[tuple[str, str]]:
    return [("作成日時", format_moment(now)), ("出典", "めぐりあわせの実証の報告")]


def list_table(rows: Iterator[tuple[Pilot, int, int, Cell]], now: datetime) -> OutTable:
    """One row for each pilot: the pilot, late reports, late milestones, day of the next report."""
    return OutTable("実証の一覧", LIST_COLUMNS, (_list_row(*row) for row in rows), _about(now))


def _list_row(pilot: Pilot, reports: int, milestones: int, due: Cell) -> Sequence[Cell]:
    return (
        *_place(pilot), pilot.consortium.name, PILOT_STATES.labels[pilot.state], pilot.starts_on,
        pilot.ends_on, reports, milestones, due,
    )  # fmt: skip
