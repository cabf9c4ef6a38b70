"""What the pages of an import show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.posts.imports import queries
from matchmaker.posts.imports.domain import JobState, RowState
from matchmaker.posts.imports.files import WHOLE_ROW_LABEL
from matchmaker.posts.imports.models import ImportJob, ImportRow
from matchmaker.posts.types import PostType

SHOWN_FAULTY_ROWS = 20
SHOWN_ROWS = 10
SHOWN_GOOD_ROWS = 5
EXCERPT = 60
LONGEST_SHOWN_CELL = 40


@dataclass(frozen=True, slots=True)
class FaultyCell:
    """One faulty cell as the preview names it."""

    row: int
    label: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row in a short list."""

    row: int
    title: str
    text: str
    note: str
    post_id: Any


def faulty_cells(post_type: PostType, rows: Sequence[ImportRow]) -> list[FaultyCell]:
    """Every faulty cell of the rows, in the order of the file and of the fields."""
    known = post_type.table.by_name
    order = {name: place for place, name in enumerate(known)}
    return [
        FaultyCell(
            row.row_number,
            known[name].label if name in known else WHOLE_ROW_LABEL,
            shortened(str(row.values.get(name, "")), LONGEST_SHOWN_CELL),
            message,
        )
        for row in rows
        for name, message in sorted(row.errors.items(), key=lambda item: order.get(item[0], -1))
    ]


def lines(post_type: PostType, rows: Sequence[ImportRow]) -> list[RowLine]:
    """Rows as short lines."""
    return [
        RowLine(
            row.row_number,
            row.title or "（件名なし）",
            shortened(str(row.values.get(post_type.text_field, "")), EXCERPT),
            row.note,
            row.post_id,
        )
        for row in rows
    ]


def shortened(text: str, length: int) -> str:
    """One line of at most ``length`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def preview(post_type: PostType, job: ImportJob) -> dict[str, Any]:
    """What the page of a checked import shows."""
    faulty = queries.rows_in(job.id, [RowState.FAULTY], SHOWN_FAULTY_ROWS)
    return {
        "faulty": faulty_cells(post_type, faulty),
        "faulty_rows": len(faulty),
        "good": lines(post_type, queries.rows_in(job.id, [RowState.GOOD], SHOWN_GOOD_ROWS)),
        "duplicates": lines(post_type, queries.rows_in(job.id, [RowState.DUPLICATE], SHOWN_ROWS)),
    }


def result(post_type: PostType, job: ImportJob) -> dict[str, Any]:
    """What the page of an import shows once the worker is through with it."""
    counts = queries.row_counts(job.id)
    written = queries.rows_in(job.id, [RowState.CREATED, RowState.SUBMITTED], SHOWN_ROWS)
    failed = queries.rows_in(job.id, [RowState.FAILED], SHOWN_ROWS)
    return {
        "counts": {state.value: number for state, number in counts.items()},
        "written": lines(post_type, written),
        "kept": lines(post_type, queries.rows_in(job.id, [RowState.KEPT], SHOWN_ROWS)),
        "failed": faulty_cells(post_type, failed),
    }


def progress(job: ImportJob, url: str) -> dict[str, Any]:
    """How far an import has come, for the polling script.

    Args:
        url: page to show once it has ended.
    """
    states = {JobState.RUNNING: "running", JobState.UNDOING: "running", JobState.FAILED: "failed"}
    state = states.get(job.state, "finished")
    answer = {
        "state": state,
        "done": job.steps_done,
        "total": job.step_count,
        "message": progress_text(job),
    }
    return answer if state == "running" else {**answer, "url": url}


def progress_text(job: ImportJob) -> str:
    """How far an import has come, in words."""
    work = "取り消し" if job.state is JobState.UNDOING else "取り込み"
    if job.state in (JobState.RUNNING, JobState.UNDOING) and not job.steps_done:
        return f"{work}の順番を待っています。"
    return f"{work}：{job.step_count:,}のうち{job.steps_done:,}まで終わりました。"
