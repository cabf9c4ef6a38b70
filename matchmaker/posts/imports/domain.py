"""Imports: their states, their bounds, what counts as the same post. Pure rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from matchmaker.core.text import fold


class JobState(StrEnum):
    """Where an import stands."""

    CHECKED = "checked"
    RUNNING = "running"
    UNDOING = "undoing"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


JOB_LABELS: Mapping[JobState, str] = {
    JobState.CHECKED: "確認待ち",
    JobState.RUNNING: "取り込み中",
    JobState.UNDOING: "取り消し中",
    JobState.DONE: "取り込み済み",
    JobState.FAILED: "取り込めませんでした",
    JobState.UNDONE: "取り消し済み",
}

WORKING_STATES = frozenset({JobState.RUNNING, JobState.UNDOING})


class RowState(StrEnum):
    """Where one row of an import stands."""

    GOOD = "good"
    FAULTY = "faulty"
    DUPLICATE = "duplicate"
    CREATED = "created"
    SUBMITTED = "submitted"
    FAILED = "failed"
    UNDONE = "undone"
    KEPT = "kept"


WRITTEN_STATES = frozenset({RowState.CREATED, RowState.SUBMITTED})


class ImportMode(StrEnum):
    """Which rows are taken."""

    ALL = "all"
    GOOD = "good"


MODE_LABELS: Mapping[ImportMode, str] = {
    ImportMode.ALL: "すべて正しいときだけ取り込む",
    ImportMode.GOOD: "正しい行だけ取り込む",
}

BATCH_ROWS = 50
"""Rows of one transaction: short enough that people who save meanwhile do not notice."""

MOST_WORKING = 2
"""Imports of one organisation that may be written or undone at the same time."""

MOST_CHECKED = 5
"""Checked imports of one organisation that may wait to be started; the oldest gives way."""

UNDO_WITHIN = timedelta(days=30)
CHECKED_KEPT = timedelta(days=7)
ROWS_KEPT = timedelta(days=90)


class KeptReason(StrEnum):
    """Why an undone import leaves a post."""

    CHANGED = "changed"
    FILES = "files"
    USED = "used"


KEPT_LABELS: Mapping[KeptReason, str] = {
    KeptReason.CHANGED: "取り込みのあとに変更されたか、公開されたため",
    KeptReason.FILES: "写真・資料が付けられたため",
    KeptReason.USED: "ほかの記録で使われているため",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose when starting an import.

    Args:
        mode: which rows are taken.
        submit: whether the posts are handed in at once; else they stay drafts.
        with_duplicates: whether rows that exist already are taken too.
    """

    mode: ImportMode
    submit: bool = False
    with_duplicates: bool = False


def fingerprint(title: str, text: str) -> str:
    """The same for two posts whose title and main text differ in widths and spaces at most."""
    return hashlib.sha256(f"{fold(title)}\0{fold(text)}".encode()).hexdigest()
