"""Tasks and decisions of a group as tables for Excel."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from matchmaker.core.clock import today
from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.working_groups.groups.activity.domain import TASK_STATES, is_overdue
from matchmaker.working_groups.groups.models import GroupDecision, GroupTask, WorkingGroup

TASK_COLUMNS = (
    Column("やること", "タスクの内容です。", width=40),
    Column("担当", "担当する人の名前です。", width=20),
    Column("期限", "終わらせる最後の日です。", "日付", 12),
    Column("状態", "未完了・完了・取りやめの別です。", width=10),
    Column("期限切れ", "未完了で、期限を過ぎているかどうかです。", "はい・いいえ", 10),
    Column("完了した日", "完了にした日です。", "日付", 12),
    Column("取りやめた理由", "取りやめたときの理由です。", width=30),
    Column("補足", "タスクの補足です。", width=40),
    Column("番号", "このサービスでの番号です。", width=38, as_text=True),
)
DECISION_COLUMNS = (
    Column("番号", "WGごとの通し番号です。", "整数", 8),
    Column("決めた日", "決定した日です。", "日付", 12),
    Column("決めたこと", "決定の内容です。", width=60),
    Column("置き換えた決定", "のちの決定で置き換えられたときの、その番号です。", "整数", 12),
    Column("置き換えた理由", "置き換えたときの理由です。", width=40),
    Column("記録した人", "記録した人の、そのときの名前です。", width=20),
)


def tasks_table(group: WorkingGroup, tasks: Sequence[GroupTask], now: datetime) -> OutTable:
    """The tasks of a group, with their owners loaded."""
    day = today(now)
    rows = (
        (
            task.title,
            task.owner.name if task.owner else task.owner_name,
            task.due_on,
            TASK_STATES.labels[task.state],
            is_overdue(task.state, task.due_on, day),
            today(task.done_at) if task.done_at else None,
            task.state_reason,
            task.note,
            str(task.id),
        )
        for task in tasks
    )
    return OutTable("タスク", TASK_COLUMNS, rows, _about(group, "タスクの一覧", len(tasks), now))


def decisions_table(
    group: WorkingGroup, decisions: Sequence[GroupDecision], now: datetime
) -> OutTable:
    """The whole log of a group, in the order of its numbers."""
    numbers: Mapping[uuid.UUID, int] = {each.id: each.number for each in decisions}
    rows = (
        (
            each.number,
            each.decided_on,
            each.text,
            numbers.get(each.replaced_by_id) if each.replaced_by_id else None,
            each.replacement_reason,
            each.recorded_by_name,
        )
        for each in decisions
    )
    about = _about(group, "決定の記録", len(decisions), now)
    return OutTable("決定の記録", DECISION_COLUMNS, rows, about)


def _about(group: WorkingGroup, what: str, number: int, now: datetime) -> list[tuple[str, str]]:
    return [
        ("内容", f"{group.name}の{what}"),
        ("件数", f"{number:,}"),
        ("作成日時", format_moment(now)),
    ]
