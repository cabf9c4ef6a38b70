"""What the pages of an import show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.core.spreadsheets.faults import faulty_cells, shortened
from matchmaker.posts.imports import queries
from matchmaker.posts.imports.domain import JobState, RowState
from matchmaker.posts.imports.models import ImportJob, ImportRow
from matchmaker.posts.types import PostType

SHOWN_FAULTY_ROWS = 20
SHOWN_ROWS = 10
SHOWN_GOOD_ROWS = 5
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row in a short list."""

    row: int
    title: str
    text: str
    note: str
    post_id: Any


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


def preview(post_type: PostType, job: ImportJob) -> dict[str, Any]:
    """What the page of a checked import shows."""
    faulty = queries.rows_in(job.id, [RowState.FAULTY], SHOWN_FAULTY_ROWS)
    return {
        "faulty": faulty_cells(post_type.table, faulty),
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
        "failed": faulty_cells(post_type.table, failed),
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
