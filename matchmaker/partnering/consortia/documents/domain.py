"""Documents of a consortium: what an approval document (起案) holds, which boxes it has. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

USUAL_BOXES = ("起案者", "係長", "課長補佐", "課長", "部長")
KNOWN_BOXES = (
    "起案者", "主任", "係長", "課長補佐", "課長", "次長", "部長", "総務課長", "財政課長",
    "副市区町村長", "市区町村長",
)  # fmt: skip
"""Boxes of approval that town halls commonly have, from the drafter upwards."""

MOST_BOXES = 8
LONGEST_BOX = 8
MOST_ATTACHMENTS = 20
MOST_WAITING = 5
"""Workbooks of one consortium that may wait for a decision; none is thrown away for another."""


class PackState(StrEnum):
    """Where a workbook that came back stands."""

    WAITING = "waiting"
    MERGED = "merged"
    DISCARDED = "discarded"


PACK_LABELS = {
    PackState.WAITING: "確認待ち",
    PackState.MERGED: "取り込み済み",
    PackState.DISCARDED: "取り込まない",
}


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table of the document.

    Args:
        headers: names of the columns.
        rows: texts, as many in each row as there are headers.
        widths: share of the width of each column; they add up to 1.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A numbered part of the document: a heading with text, a table, or both.

    Args:
        title: heading without its number.
        text: paragraphs, parted by line ends.
        table: shown below the text.
    """

    title: str
    text: str = ""
    table: SheetTable | None = None


@dataclass(frozen=True, slots=True)
class ApprovalSheet:
    """All that stands on an approval document.

    Args:
        organization: whose document it is.
        department, drafter: who drafts it; either may be empty.
        drafted_on: day of the draft.
        boxes: names of the boxes of approval, from the drafter upwards.
        subject: 件名.
        request: 伺い文, what the approvers are asked.
        sections: what they are asked about.
        source: where the content comes from, in the foot of each page.
    """

    organization: str
    department: str
    drafter: str
    drafted_on: date
    boxes: tuple[str, ...]
    subject: str
    request: str
    sections: tuple[SheetSection, ...]
    source: str


def box_problem(boxes: Sequence[str]) -> str:
    """What is wrong with the names of the boxes, in Japanese; empty when nothing is."""
    if not boxes:
        return "決裁欄を1つ以上選んでください。"
    if len(boxes) > MOST_BOXES:
        return f"決裁欄は{MOST_BOXES}つまでです。いま{len(boxes)}つあります。"
    long = [box for box in boxes if len(box) > LONGEST_BOX]
    if long:
        return f"「{long[0]}」は長すぎます。決裁欄の名前は{LONGEST_BOX}文字までです。"
    if len(set(boxes)) < len(boxes):
        return "同じ名前の決裁欄があります。"
    return ""
