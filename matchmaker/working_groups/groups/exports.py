"""All groups and all their people as Excel tables, for the secretariat."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from matchmaker.core.clock import JST, today
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable, write_xlsx
from matchmaker.working_groups.groups import overviews, queries
from matchmaker.working_groups.groups.domain import (
    GROUP_STATES,
    KIND_LABELS,
    ROLE_LABELS,
    VISIBILITY_LABELS,
)
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup

GROUP_COLUMNS = (
    Column("番号", "このサービスでの番号です。", width=38, as_text=True),
    Column("名前", "WGの名前です。", width=36),
    Column("種類", "総会・WG・領域別WG・サブWGの別です。", width=12),
    Column("上位のWG", "このWGの上位のWGの名前です。", width=30),
    Column("状態", "準備中・活動中・休止中・終了の別です。", width=12),
    Column("状態の理由", "いまの状態になった理由です。", width=30),
    Column("ページを読める人", "だれでも・会員のみ・WGの参加者のみの別です。", width=18),
    Column("活動の始まり", "活動を始める日です。", "日付", 12),
    Column("活動の終わり", "活動を終える日です。", "日付", 12),
    Column("参加している人（人）", "書き出した日に参加している人の数です。", "人数", 12),
    Column("目的", "WGの目的です。", width=60),
    Column("出典", "公開情報から登録したものの、もとのページです。", "アドレス", 28),
)
PEOPLE_COLUMNS = (
    Column("WGの番号", "このサービスでの番号です。", width=38, as_text=True),
    Column("WG", "WGの名前です。", width=36),
    Column("役割", "座長・リーダー・メンバーなどの別です。", width=12),
    Column("氏名", "参加している人の名前です。", width=16),
    Column("フリガナ", "名前の読みです。", width=18),
    Column("団体名", "どの団体として参加しているかです。", width=28),
    Column("メールアドレス", "連絡先です。", width=30),
    Column("始まり", "役割の最初の日です。", "日付", 12),
    Column("終わり", "役割の最後の日です。続いているときは空欄です。", "日付", 12),
    Column("終わった理由", "役割が終わったときのひとことです。", width=30),
)


def groups_file(now: datetime) -> bytes:
    """All groups, one a row."""
    groups = overviews.all_groups()
    names = {group.id: group.name for group in groups}
    people = queries.numbers_present(today(now))
    table = OutTable(
        title="WG一覧",
        columns=GROUP_COLUMNS,
        rows=(_group_row(each, names, people.get(each.id, 0)) for each in groups),
        about=_about("めぐりあわせに登録されたWGの一覧", now, len(groups)),
    )
    return write_xlsx(table)


def people_file(now: datetime) -> bytes:
    """All roles there are and were, one a row."""
    members = overviews.all_members()
    table = OutTable(
        title="WGの参加者",
        columns=PEOPLE_COLUMNS,
        rows=_people_rows(members),
        about=_about("WGに参加している人と、これまでに参加した人の一覧", now, len(members)),
    )
    return write_xlsx(table)


def _group_row(group: WorkingGroup, names: Mapping[uuid.UUID, str], people: int) -> list[Cell]:
    return [
        str(group.id),
        group.name,
        KIND_LABELS[group.kind],
        names.get(group.parent_id) if group.parent_id else None,
        GROUP_STATES.labels[group.state],
        group.state_reason,
        VISIBILITY_LABELS[group.visibility],
        group.starts_on,
        group.ends_on,
        people,
        group.purpose,
        group.source_url,
    ]


def _people_rows(members: Sequence[GroupMember]) -> Iterator[list[Cell]]:
    for member in members:
        yield [
            str(member.group_id),
            member.group.name,
            ROLE_LABELS[member.role],
            member.user.name,
            member.user.kana,
            member.organization.name if member.organization else None,
            member.user.email,
            member.starts_on,
            member.ends_on,
            member.end_reason,
        ]


def _about(content: str, now: datetime, number: int) -> tuple[tuple[str, str], ...]:
    return (
        ("内容", content),
        ("書き出した日時", now.astimezone(JST).strftime("%Y-%m-%d %H:%M")),
        ("件数", f"{number:,}"),
        ("空欄", "入力されていない項目です。"),
    )
