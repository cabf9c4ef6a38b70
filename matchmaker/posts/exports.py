"""Lists of posts as files: what is shown is exported, in the form that import reads again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.clock import JST, today
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.core.fields import FieldSpec
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.record_columns import cell_of, column_of
from matchmaker.core.spreadsheets.writing import (
    CSV,
    CSV_CP932,
    XLSX,
    Column,
    OutTable,
    Replacement,
    write_csv,
    write_csv_cp932,
    write_xlsx,
)
from matchmaker.organizations import queries as organization_queries
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import STATE_LABELS, Stage
from matchmaker.posts.extensions import opened_stages
from matchmaker.posts.listing import PostFilter, list_query
from matchmaker.posts.policy import can_see_stage
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import material_names

MOST_ROWS = 10_000
LEADING = (
    Column("番号", "このサービスでの番号です。", width=38, as_text=True),
    Column("団体名", "掲載した団体です。", width=28),
    Column(
        "団体の全国地方公共団体コード", "6桁の数字です。自治体だけにあります。",
        "団体コード", as_text=True,
    ),
    Column("状態", "公開中・終了などの別です。", width=12),
)  # fmt: skip
TRAILING = (
    Column("市区町村名", "市区町村のコードの名前です。", width=18),
    Column("公開日", "はじめて公開された日です。", "日付", 12),
    Column("更新日", "最後に変更された日です。", "日付", 12),
    Column("出典", "公開情報から載せたものの、もとのページです。", "アドレス", 28),
)
EXTRA_HEADERS = frozenset(column.header for column in (*LEADING, *TRAILING))
"""Columns of an export that are no field: import passes them over without a word."""


class ExportForm(StrEnum):
    """Forms of an exported file."""

    XLSX = "xlsx"
    CSV = "csv"
    CSV_CP932 = "csv-cp932"


FORM_LABELS: Mapping[ExportForm, str] = {
    ExportForm.XLSX: "Excel（.xlsx）",
    ExportForm.CSV: "CSV（Excel用）",
    ExportForm.CSV_CP932: "CSV（古いソフト用・シフトJIS）",
}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to hand out.

    Args:
        content: the file.
        name: its name.
        media_type: what it is.
        replacements: characters that could not be written as they are.
    """

    content: bytes
    name: str
    media_type: str
    replacements: tuple[Replacement, ...] = ()


def posts_to_export(post_type: PostType, wanted: PostFilter, actor: Actor) -> Sequence[Any]:
    """All posts of a filtered list, in its order.

    Raises:
        ProductError: there are more than 10,000.
    """
    found = db.session.scalars(list_query(post_type, wanted, actor).limit(MOST_ROWS + 1)).all()
    if len(found) > MOST_ROWS:
        raise ProductError(
            f"一度に書き出せるのは{MOST_ROWS:,}件までです。しぼり込んでから書き出してください。"
        )
    return found


def export_rows(post_type: PostType, posts: Sequence[Any], actor: Actor) -> Iterator[list[Cell]]:
    """One row for each post; what the actor may not see stays empty.

    Args:
        posts: with their tags and organisation loaded.
    """
    materials = material_names()
    codes = {post.municipality_code for post in posts if post.municipality_code}
    municipalities = organization_queries.municipalities_by_code(sorted(codes))
    opened = opened_stages(actor, posts)
    for post in posts:
        municipality = municipalities.get(post.municipality_code or "")
        content = content_of(post_type, post)
        reader = _Reader(actor, post, opened.get(post.id, Stage.PUBLIC))
        yield [
            str(post.id),
            post.organization.name,
            post.organization.local_government_code,
            STATE_LABELS[post.state],
            *(_cell(spec, content, reader, materials) for spec in post_type.table.fields),
            municipality.name if municipality else None,
            today(post.published_at) if post.published_at else None,
            today(post.updated_at),
            post.source_url,
        ]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads which post, and how far introductions have opened it to them."""

    actor: Actor
    post: Any
    opened: Stage

    def sees(self, spec: FieldSpec) -> bool:
        """Whether the field is shown."""
        return can_see_stage(self.actor, self.post, spec.stage, self.opened)


def _cell(
    spec: FieldSpec, content: Mapping[str, Any], reader: _Reader, materials: Mapping[str, str]
) -> Cell:
    if not reader.sees(spec):
        return None
    return cell_of(spec, content.get(spec.name), materials)


def export_table(
    post_type: PostType, posts: Sequence[Any], actor: Actor, now: datetime
) -> OutTable:
    """The posts as a table with its column definitions."""
    fields = [column_of(spec) for spec in post_type.table.fields]
    return OutTable(
        title=post_type.label,
        columns=(*LEADING, *fields, *TRAILING),
        rows=export_rows(post_type, posts, actor),
        about=(
            ("内容", f"めぐりあわせに掲載された{post_type.label}の一覧"),
            ("書き出した日時", now.astimezone(JST).strftime("%Y-%m-%d %H:%M")),
            ("件数", f"{len(posts):,}"),
            ("空欄", "入力されていないか、あなたには見えない項目です。"),
            ("いくつかある項目", "「、」で区切っています。"),
            ("市区町村・団体のコード", "総務省の全国地方公共団体コード（6桁、文字として記録）"),
        ),
    )


def export_file(
    post_type: PostType, posts: Sequence[Any], actor: Actor, form: ExportForm, now: datetime
) -> ExportFile:
    """The posts as a file of the wished form."""
    table = export_table(post_type, posts, actor, now)
    stem = f"{post_type.label}一覧_{today(now):%Y%m%d}"
    match form:
        case ExportForm.XLSX:
            return ExportFile(write_xlsx(table), f"{stem}.xlsx", XLSX)
        case ExportForm.CSV:
            return ExportFile(write_csv(table).content, f"{stem}.csv", CSV)
        case ExportForm.CSV_CP932:
            file = write_csv_cp932(table)
            name = f"{stem}_SJIS.csv"
            return ExportFile(file.content, name, CSV_CP932, file.replacements)
