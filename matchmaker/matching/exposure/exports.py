"""The report of exposure as a table for Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.matching.exposure.models import ExposurePrice
from matchmaker.matching.exposure.reporting import NO_COMPANY, SIZES, Report

COLUMNS = (
    Column("団体", "シーズを出している団体の名前です。", "文字", 30),
    Column("団体の規模", "企業の規模です。", "文字", 22),
    Column("都道府県", "団体の都道府県です。", "文字", 12),
    Column("新しい会員", "会員になって間もないかどうかです。", "はい・いいえ", 12),
    Column("紹介できるニーズの数", "十分に合いそうなニーズの数です。", "数", 18),
    Column("上限（回）", "紹介の上限です。", "数", 12),
    Column("下限（回）", "紹介の下限です。", "数", 12),
    Column("調整なしの紹介（回）", "調整をしないときに、上位5件に入る回数です。", "数", 18),
    Column("調整後の紹介（回）", "調整をしたときに、上位5件に入る回数です。", "数", 18),
    Column("増減（回）", "調整による増減です。", "数", 12),
    Column("調整の強さ", "見込み（0〜1）から引く値です。負の値は加えます。", "数", 14),
)


def exposure_table(report: Report, rows: Sequence[ExposurePrice], now: datetime) -> OutTable:
    """One row for each organisation that could be shown.

    Args:
        report: of the run.
        rows: its organisations.
        now: when the file is made.
    """
    notes = [
        ("作成日時", format_moment(now)),
        ("計算した日時", format_moment(report.run.at)),
        ("見込みの合計（調整なし）", f"{report.run.unconstrained:.2f}"),
        ("見込みの合計（調整後）", f"{report.run.expected:.2f}"),
        ("保たれた割合", f"{report.kept:.1%}"),
        ("備考", report.run.message),
    ]
    return OutTable("紹介の配分", COLUMNS, (_row(row) for row in rows), notes)


def _row(row: ExposurePrice) -> tuple[str | int | float, ...]:
    organization = row.organization
    return (
        organization.name,
        SIZES.get(organization.company_size, NO_COMPANY),
        organization.prefecture,
        "はい" if row.is_new else "いいえ",
        row.chances,
        row.upper,
        row.lower,
        row.places_without,
        row.places_with,
        row.places_with - row.places_without,
        round(row.price, 3),
    )
