"""A small field table and its vocabularies for tests of spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.core.fields import Choice, FieldKind, FieldSpec, FieldTable, Section

COLOURS = (Choice("red", "赤"), Choice("green", "緑（みどり）"))
MATERIALS = (Choice("bamboo", "竹・木質"), Choice("paper", "古紙・雑がみ"))
K = FieldKind

TABLE = FieldTable(
    (Section("all", "すべて"),),
    (
        FieldSpec("title", "件名", K.LINE, "all", required=True, max_length=80),
        FieldSpec("text", "内容", K.TEXT, "all", max_length=4000),
        FieldSpec("colour", "色", K.CHOICE, "all", choices=COLOURS),
        FieldSpec("materials", "品目", K.CHOICES, "all", vocabulary="materials"),
        FieldSpec("low", "量（下限）", K.DECIMAL, "all", minimum=0, maximum=1000),
        FieldSpec("high", "量（上限）", K.DECIMAL, "all", minimum=0, maximum=1000),
        FieldSpec("cost", "費用", K.INTEGER, "all", minimum=0, maximum=10**9, unit="円/年"),
        FieldSpec("begins_on", "始まり", K.DATE, "all"),
        FieldSpec("open", "公開", K.FLAG, "all"),
        FieldSpec("town", "市区町村", K.MUNICIPALITY, "all"),
    ),
)


class FixedVocabularies:
    """Two materials and one town."""

    def choices(self, name: str) -> Sequence[Choice]:
        """The materials."""
        return {"materials": MATERIALS}[name]

    def municipality(self, text: str, prefecture: str | None) -> str | None:
        """Sapporo, by code or name."""
        return "011002" if text in ("011002", "札幌市") else None
