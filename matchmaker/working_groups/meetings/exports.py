"""Answers to an invitation as a table for Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.working_groups.groups.domain import ROLE_LABELS
from matchmaker.working_groups.meetings.domain import ANSWER_LABELS
from matchmaker.working_groups.meetings.models import Attendance, Meeting
from matchmaker.working_groups.meetings.notices import full_title, meeting_when, where_text
from matchmaker.working_groups.meetings.presentation import NOT_ANSWERED, AnswerRow

COLUMNS = (
    Column("名前", "招かれている人の名前です。", "文字", 20),
    Column("団体", "その人の団体の名前です。", "文字", 30),
    Column("役割", "WGでの役割です。", "文字", 14),
    Column("出欠", "その人の回答です。まだのときは「未回答」です。", "文字", 20),
    Column("代理の人", "代理の人の名前です。", "文字", 20),
    Column("代理の人のメールアドレス", "代理の人に案内を送ったアドレスです。", "文字", 30),
    Column("ひとこと", "主催者への連絡です。", "文字", 40),
    Column("回答した日時（日本時間）", "最後に回答した日時です。", "日時", 20),
    Column("出席の確認（日本時間）", "当日に出席を確かめた日時です。", "日時", 20),
)


def attendance_table(meeting: Meeting, rows: Sequence[AnswerRow], now: datetime) -> OutTable:
    """Everybody who is invited with their answers.

    Args:
        meeting: with its group.
        rows: the people in their order.
        now: when the file is made.
    """
    about = [
        ("会合", f"{meeting.group.name} {full_title(meeting)}"),
        ("日時", meeting_when(meeting)),
        ("場所", where_text(meeting)),
        ("作成日時", format_moment(now)),
    ]
    return OutTable("出欠", COLUMNS, [_cells(row) for row in rows], about)


def _cells(row: AnswerRow) -> Sequence[Cell]:
    return (
        row.member.user.name,
        row.organization,
        ROLE_LABELS[row.member.role],
        *(_answer_cells(row.attendance) if row.attendance else (NOT_ANSWERED, *[None] * 5)),
    )


def _answer_cells(attendance: Attendance) -> Sequence[Cell]:
    return (
        ANSWER_LABELS[attendance.answer] if attendance.answer else NOT_ANSWERED,
        attendance.proxy_name,
        attendance.proxy_email,
        attendance.note,
        attendance.answered_at,
        attendance.attended_at,
    )
