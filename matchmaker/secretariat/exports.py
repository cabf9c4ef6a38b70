"""The audit log as a table for Excel."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from matchmaker.core.audit import AuditEntry
from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.secretariat.event_labels import TAG_LABELS

COLUMNS = (
    Column("日時（日本時間）", "操作が行われた日時です。", "日時", 20),
    Column("操作", "行われたことの名前です。", "文字", 28),
    Column("操作の記号", "行われたことの記号です。", "文字", 34),
    Column("操作した人", "操作した人の、そのときの名前です。", "文字", 20),
    Column("理由", "操作のときに入れた理由です。", "文字", 40),
    Column("対象の番号", "操作の対象の番号です。", "文字", 38, as_text=True),
    Column("団体の番号", "関係する団体の番号です。", "文字", 38, as_text=True),
    Column("くわしい内容", "操作の内容です（JSON）。", "文字", 60),
)


def audit_table(entries: Iterable[AuditEntry], now: datetime) -> OutTable:
    """The log as a table.

    Args:
        entries: what is written, in order.
        now: when the file is made.
    """
    rows = (
        (
            entry.at,
            TAG_LABELS.get(entry.tag, entry.tag),
            entry.tag,
            entry.actor_name,
            entry.reason,
            str(entry.subject_id),
            str(entry.organization_id or ""),
            json.dumps(entry.details, ensure_ascii=False, sort_keys=True),
        )
        for entry in entries
    )
    return OutTable("操作の記録", COLUMNS, rows, [("作成日時", format_moment(now))])
