"""A gap of the map as the theme of a call: title, background, what is wanted. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.fields import Choice
from matchmaker.core.formatting import format_date
from matchmaker.partnering.blank_map.domain import Cell, Coverage
from matchmaker.partnering.blank_map.sources import Wishes
from matchmaker.posts.vocabulary import CIRCULATION_METHODS, SOUGHT_KINDS

MOST_NAMED = 3
WHY = {
    Coverage.NONE: "いまのところ、この地域で受け入れると書いているシーズはありません。",
    Coverage.LOT: "受け入れ先はありますが、ひとつの自治体の量では、最低の量に届きません。",
    Coverage.SHORT: "受け入れ先はありますが、空きが足りません。",
    Coverage.FEW: "受け入れ先は、わずかしかありません。",
    Coverage.UNKNOWN: "受け入れ先はありますが、受け入れられる量がわかっていません。",
    Coverage.ENOUGH: "受け入れ先はありますが、まだ成立した組み合わせがありません。",
}


@dataclass(frozen=True, slots=True)
class Theme:
    """Texts for the draft of a call; nothing in them tells an amount kept to members."""

    title: str
    summary: str
    body: str


def theme_of(cell: Cell, wishes: Sequence[Wishes], now: datetime, url: str) -> Theme:
    """Write the draft.

    Args:
        cell: the gap.
        wishes: what the needs in it ask for.
        now: when it was counted.
        url: address of the gap, as the source of the figures.
    """
    subject = f"{cell.place}で「{cell.name}」を受け入れ、循環させる取り組み"
    parts = [
        ("背景", _background(cell)),
        ("求めるもの", _listed(SOUGHT_KINDS, (code for wish in wishes for code in wish.sought))),
        (
            "考えられる方法",
            _listed(CIRCULATION_METHODS, (c for wish in wishes for c in wish.methods)),
        ),
        ("出典", f"空白地図（{format_date(now)}の集計）\n{url}"),
    ]
    body = "\n\n".join(f"■ {head}\n{text}" for head, text in parts if text)
    return Theme(f"{subject}の募集", f"{subject}を募集します。{_count(cell)}", body)


def _count(cell: Cell) -> str:
    return f"{cell.municipalities}の団体から{cell.needs}件のニーズが出ています。"


def _background(cell: Cell) -> str:
    lines = [f"{cell.place}では、「{cell.name}」について、{_count(cell)}"]
    if cell.band:
        lines.append(f"量がわかるものの合計は、{cell.band}です。")
    lines.append(WHY[cell.coverage])
    if cell.takers:
        lines.append(f"この品目をこの地域で受け入れると書いているシーズは{cell.takers}件です。")
    if cell.amounts and cell.amounts.reaches_lot_together:
        lines.append("近くの自治体がまとまると、最低の量に届く見込みがあります。")
    return "\n".join(lines)


def _listed(choices: Sequence[Choice], codes: Iterable[str]) -> str:
    """What is asked for most, with the number of needs."""
    labels = {choice.code: choice.label for choice in choices}
    counts = Counter(code for code in codes if code in labels)
    return "\n".join(f"・{labels[c]}（ニーズ{n}件）" for c, n in counts.most_common(MOST_NAMED))
