"""All about the reviews of a call as an Excel workbook: one table a sheet, rules as elsewhere."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import (
    Column,
    OutTable,
    head_cell,
    set_widths,
    sheet_cell,
)
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.reviews import decision_queries, export_queries
from matchmaker.working_groups.reviews.decision_queries import DecisionRow
from matchmaker.working_groups.reviews.domain import (
    DECISION_STATES,
    OUTCOME_LABELS,
    REVIEW_LABELS,
)
from matchmaker.working_groups.reviews.ranking import Ranking, out_of_100

NUMBER = Column("受付番号", "提案の受付番号です。", "数", 10)
TITLE = Column("提案の件名", "提案の件名です。", "文字", 40)
REVIEWER = Column("審査員", "採点した人の名前です。", "文字", 20)
RANKING = (
    Column("順位", "平均点の高い順です。同じ点は同じ順位です。", "数", 8),
    NUMBER,
    TITLE,
    Column("代表の団体", "提案を代表する団体です。", "文字", 28),
    Column("平均点（100点満点）", "提出された採点の平均です。", "数", 16),
    Column("採点の数", "提出された採点の数です。", "数", 10),
    Column("標準偏差（点）", "採点のばらつきです。2件以上のとき出します。", "数", 14),
    Column("最低点", "いちばん低い採点です。", "数", 10),
    Column("最高点", "いちばん高い採点です。", "数", 10),
    Column("くせを除いた平均点", "審査員ごとの厳しさの違いを除いた平均です。", "数", 18),
    Column("くせを除いた順位", "くせを除いた平均点の順位です。", "数", 16),
    Column("決定", "決まったこと、または決定の案です。", "文字", 16),
    Column("決定の状態", "案・確認済み・通知済みのどれかです。", "文字", 14),
)
SCORES = (
    NUMBER,
    TITLE,
    REVIEWER,
    Column("状態", "採点の状態です。", "文字", 16),
    Column("評価基準", "評価基準の名前です。", "文字", 24),
    Column("重み", "評価基準の重みです。", "数", 8),
    Column("配点", "この基準の満点です。", "数", 8),
    Column("点数", "つけられた点です。", "数", 8),
    Column("理由", "点数の理由です。", "文字", 60),
)
COMMENTS = (
    NUMBER,
    TITLE,
    REVIEWER,
    Column("合計（100点満点）", "重みをかけた合計です。", "数", 16),
    Column("全体への意見", "提案全体への意見です。", "文字", 60),
    Column("提出日時（日本時間）", "採点が提出された日時です。", "日時", 20),
    Column("担当を離れた", "提出のあとで審査員を離れたかどうかです。", "はい・いいえ", 14),
)
DISCUSSION = (
    NUMBER,
    TITLE,
    Column("書いた人", "書いた人の、そのときの名前です。", "文字", 20),
    Column("日時（日本時間）", "書かれた日時です。", "日時", 20),
    Column("内容", "書かれたことです。取り消されたものは出しません。", "文字", 70),
)
CONFLICTS = (
    NUMBER,
    TITLE,
    REVIEWER,
    Column("種類", "申告か、所属によるものかです。", "文字", 20),
    Column("理由", "申告された理由、または外した理由です。", "文字", 60),
    Column("日時（日本時間）", "申告された、または外した日時です。", "日時", 20),
)


@dataclass(frozen=True, slots=True)
class Names:
    """Number and title of each proposal."""

    rows: dict[uuid.UUID, DecisionRow]

    def of(self, proposal_id: uuid.UUID) -> tuple[Cell, Cell]:
        """The first two cells of a line about the proposal."""
        row = self.rows[proposal_id]
        return row.number, row.title


def review_workbook(call: Call, now: datetime) -> bytes:
    """The workbook with ranking, scores, comments, discussion and conflicts of interest.

    Args:
        call: with its criteria.
        now: when the file is made.
    """
    rows = decision_queries.decision_rows(call.id)
    names = Names({row.proposal_id: row for row in rows})
    tables = (
        OutTable("順位", RANKING, _ranking_rows(rows, decision_queries.ranking_of(call.id))),
        OutTable("採点", SCORES, _score_rows(call, names)),
        OutTable("コメント", COMMENTS, _comment_rows(call.id, names)),
        OutTable("討議", DISCUSSION, _discussion_rows(call.id, names)),
        OutTable("利益相反", CONFLICTS, _conflict_rows(call.id, names)),
    )
    about = [("公募", call.title), ("作成日時（日本時間）", format_moment(now))]
    return write_sheets(tables, about)


def _ranking_rows(rows: Sequence[DecisionRow], ranking: Ranking) -> list[Sequence[Cell]]:
    """In the order of the ranking; proposals nobody has scored come last."""
    last = len(rows) + 1
    found: list[tuple[int, Sequence[Cell]]] = []
    for row in rows:
        place = ranking.positions.get(row.proposal_id)
        figures: tuple[Cell, ...] = (None,) * 7
        if place is not None:
            figures = (
                out_of_100(place.mean), place.reviews, out_of_100(place.spread),
                out_of_100(place.low), out_of_100(place.high), out_of_100(place.centred),
                place.centred_place,
            )  # fmt: skip
        decided = (
            OUTCOME_LABELS[row.outcome] if row.outcome else None,
            DECISION_STATES.labels[row.decision_state] if row.decision_state else None,
        )
        first = (place.place if place else None, row.number, row.title, row.organization)
        found.append((place.place if place else last, (*first, *figures, *decided)))
    return [cells for _, cells in sorted(found, key=lambda pair: pair[0])]


def _score_rows(call: Call, names: Names) -> Iterator[Sequence[Cell]]:
    criteria = {each.id: each for each in call.criteria}
    for line in export_queries.score_lines(call.id):
        criterion = criteria[line.criterion_id]
        yield (
            *names.of(line.proposal_id), line.reviewer, REVIEW_LABELS[line.state],
            criterion.name, criterion.weight, criterion.points, line.points, line.reason,
        )  # fmt: skip


def _comment_rows(call_id: uuid.UUID, names: Names) -> Iterator[Sequence[Cell]]:
    for line in export_queries.comment_lines(call_id):
        yield (
            *names.of(line.proposal_id), line.reviewer, out_of_100(line.rate), line.comment,
            line.submitted_at, line.has_left,
        )  # fmt: skip


def _discussion_rows(call_id: uuid.UUID, names: Names) -> Iterator[Sequence[Cell]]:
    for line in export_queries.discussion_lines(call_id):
        yield (*names.of(line.proposal_id), line.author, line.at, line.body)


def _conflict_rows(call_id: uuid.UUID, names: Names) -> Iterator[Sequence[Cell]]:
    for line in export_queries.conflict_lines(call_id):
        label = REVIEW_LABELS[line.state]
        yield (*names.of(line.proposal_id), line.reviewer, label, line.reason, line.at)


def write_sheets(tables: Sequence[OutTable], about: Sequence[tuple[str, str]]) -> bytes:
    """Several tables as sheets of one workbook, then what their columns mean and where from."""
    workbook = Workbook(write_only=True)
    for table in tables:
        sheet = workbook.create_sheet(table.title)
        sheet.freeze_panes = "A2"
        set_widths(sheet, [column.width for column in table.columns])
        sheet.append([head_cell(sheet, column.header) for column in table.columns])
        for row in table.rows:
            pairs = zip(row, table.columns, strict=True)
            sheet.append([sheet_cell(sheet, value, column) for value, column in pairs])
    _write_definitions(workbook, tables)
    sheet = workbook.create_sheet("このデータについて")
    set_widths(sheet, [24, 80])
    sheet.append([head_cell(sheet, text) for text in ("項目", "内容")])
    for label, text in about:
        sheet.append([label, sheet_cell(sheet, text)])
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_definitions(workbook: Workbook, tables: Sequence[OutTable]) -> None:
    sheet = workbook.create_sheet("項目の説明")
    set_widths(sheet, [14, 28, 14, 70])
    sheet.append([head_cell(sheet, text) for text in ("シート", "項目名", "種類", "説明")])
    for table in tables:
        for column in table.columns:
            sheet.append([table.title, column.header, column.kind, column.meaning])
