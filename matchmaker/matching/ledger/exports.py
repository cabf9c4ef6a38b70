"""The ledger as a table for Excel; neither names nor notes of people are in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.matching.ledger.domain import SIDE_LABELS
from matchmaker.matching.ledger.listing import ListedEntry

COLUMNS = (
    Column("日時（日本時間）", "判定や答えが記録された日時です。", "日時", 20),
    Column("出どころ", "判定、おすすめへの答え、対話の結果などです。", "文字", 18),
    Column("ニーズの番号", "ニーズのページの住所にある番号です。", "文字", 38, as_text=True),
    Column("ニーズの件名", "いまの件名です。", "文字", 40),
    Column("都道府県", "ニーズの場所です。", "文字", 10),
    Column("シーズの番号", "シーズのページの住所にある番号です。", "文字", 38, as_text=True),
    Column("シーズの件名", "いまの件名です。", "文字", 40),
    Column("だれにとって", "両方、自治体、事業者のどれから見たものかです。", "文字", 16),
    Column("判定・答え", "選ばれた言葉です。", "文字", 16),
    Column("理由", "選ばれた理由です。", "文字", 32),
    Column(
        "段階（0〜3）",
        "3：条件も含めて解決になる、2：かなりの部分に役立つ、1：見る価値がある、0：役に立たない。"
        "空欄は、合うかどうかがわからない答えです。",
        "整数",
        12,
    ),
    Column("重み", "ていねいな判定を1としたときの、答えの重みです。", "数値", 8),
    Column(
        "書き直し", "判定のあとで、ニーズかシーズが書き直されたかどうかです。", "はい・いいえ", 10
    ),
    Column("だれが", "自分、会員、ほかの判定者のどれかです。名前は入りません。", "文字", 14),
)


def ledger_table(entries: Sequence[ListedEntry], now: datetime) -> OutTable:
    """The ledger as a table.

    Args:
        entries: what is written, in order.
        now: when the file is made.
    """
    rows = (
        (
            each.entry.at,
            each.source.label,
            str(each.entry.need_id),
            each.need_title,
            each.prefecture,
            str(each.entry.offering_id),
            each.offering_title,
            SIDE_LABELS[each.entry.side],
            each.verdict,
            each.reason,
            each.entry.grade,
            each.entry.weight,
            each.entry.is_stale,
            each.who,
        )
        for each in entries
    )
    about = [("作成日時", format_moment(now)), ("件数", f"{len(entries):,}件")]
    return OutTable("判定の記録", COLUMNS, rows, about)
