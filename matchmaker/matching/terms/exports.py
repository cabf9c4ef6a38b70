"""The vocabulary as a table for Excel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.matching.terms.domain import ConceptView

COLUMNS = (
    Column("種類", "何についてのことばかです。", "文字", 14),
    Column("名前", "意味をひとことで表した名前です。", "文字", 24),
    Column("選択肢", "ニーズやシーズの選択肢のうち、どれにあたるかです。", "文字", 24),
    Column("ことば", "文章の中で探すことばです。", "文字", 28),
    Column("だれが使うことばか", "自治体、事業者、どちらも、のどれかです。", "文字", 20),
    Column("出典", "どこで使われていることばかです。", "文字", 50),
    Column("追加", "はじめからあることばか、事務局が加えたことばかです。", "文字", 14),
    Column("状態", "いま使っているかどうかです。", "文字", 12),
    Column("理由", "状態を変えたときの理由です。", "文字", 40),
)


def vocabulary_table(concepts: Iterable[ConceptView], now: datetime) -> OutTable:
    """All words, one a row.

    Args:
        concepts: what is written, in order.
        now: when the file is made.
    """
    rows = (
        (
            concept.kind_label,
            concept.label,
            concept.value,
            term.text,
            term.side_label,
            term.source,
            "はじめから" if term.is_shipped else "事務局が追加",
            "使用中" if concept.is_active and term.is_active else "停止",
            term.reason or concept.reason,
        )
        for concept in concepts
        for term in concept.terms
    )
    return OutTable("ことば", COLUMNS, rows, [("作成日時", format_moment(now))])
