"""The map as a table for Excel; amounts only for those who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.partnering.blank_map.domain import COVERAGE_LABELS, Cell
from matchmaker.partnering.blank_map.picture import Picture

COLUMNS = (
    Column("品目", "ニーズの品目です。", "文字", 18),
    Column("地域", "都道府県、または8つの地方のひとつです。", "文字", 14),
    Column("状況", "受け入れ先の状況です。", "文字", 18),
    Column("ニーズ（件）", "まだ成立した相手のいない、公開中のニーズの数です。", "数", 12),
    Column("団体（団体）", "そのニーズを出している団体の数です。", "数", 12),
    Column("受け入れ先（件）", "この品目をこの地域で受け入れると書いているシーズの数です。", "数"),
    Column("うち許可の記載（件）", "区分に合う許可を書いているシーズの数です。", "数", 18),
)
BAND = Column("量のめやす", "合計の幅です。5件に満たないときは出しません。", "文字", 18)
AMOUNTS = (
    Column("ニーズの量（t/年）", "1年あたりの量の合計です。複数の品目のニーズは等分します。", "数"),
    Column("空きで足りる量（t/年）", "受け入れ先の空きを、重ねて数えずに割り当てた量です。", "数"),
    Column("足りない量（t/年）", "ニーズの量から、空きで足りる量を引いたものです。", "数"),
    Column("最低の量（t/年）", "受け入れ先のうち、最低の量がいちばん小さいものの値です。", "数"),
    Column("最低の量に届かないニーズ（件）", "ひとつでは最低の量に届かないニーズの数です。", "数"),
    Column("量の記載がないニーズ（件）", "1年あたりの量を書いていないニーズの数です。", "数"),
    Column("量の記載がない受け入れ先（件）", "能力を書いていないシーズの数です。", "数"),
)


def blank_table(picture: Picture, now: datetime, *, shows_amounts: bool) -> OutTable:
    """One row for each cell, the worst first.

    Args:
        picture: the map.
        now: when the file is made.
        shows_amounts: whether amounts may be told.
    """
    notes = [
        ("作成日時", format_moment(now)),
        ("ニーズの数", f"{picture.needs}件"),
        ("都道府県の書かれていないニーズ", f"{picture.unplaced}件"),
        ("品目のわからないニーズ", f"{picture.unnamed}件"),
        ("受け入れ先の数", f"{picture.takers}件"),
    ]
    columns = (*COLUMNS, *(AMOUNTS if shows_amounts else (BAND,)))
    return OutTable("空白地図", columns, (_row(cell) for cell in picture.cells), notes)


def _row(cell: Cell) -> Sequence[str | int | float | None]:
    amounts = cell.amounts
    common = (
        cell.name,
        cell.place,
        COVERAGE_LABELS[cell.coverage],
        cell.needs,
        cell.municipalities,
        cell.takers,
        cell.licensed,
    )
    if amounts is None:
        return (*common, cell.band)
    return (
        *common,
        round(amounts.wanted, 1),
        round(amounts.answered, 1),
        round(amounts.missing, 1),
        amounts.smallest_lot,
        amounts.below_lot,
        amounts.unknown_needs,
        amounts.unknown_takers,
    )
