"""What a person fills in for an approval document beside the consortium's content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.core.fields import Choice, FieldKind, FieldSpec, FieldTable, Section
from matchmaker.partnering.consortia.documents.domain import KNOWN_BOXES, box_problem

K = FieldKind
SEPARATORS = str.maketrans(",，;；／/\n", "、、、、、、、")

SECTIONS = (
    Section("paper", "だれが、いつ起案するか", opened=True),
    Section("boxes", "決裁欄", "次に作るときのために、選んだものをおぼえておきます。", opened=True),
    Section("words", "伺いの内容", "目的・団体と役割・量・日程・備えは、座組の内容から入ります。",
            opened=True),
)  # fmt: skip

FIELDS = (
    FieldSpec("organization_name", "団体", K.LINE, "paper", required=True, max_length=120),
    FieldSpec("department", "部署", K.LINE, "paper", max_length=80, help="例：町民生活課 環境係"),
    FieldSpec("drafter", "起案者の名前", K.LINE, "paper", max_length=80),
    FieldSpec("drafted_on", "起案した日", K.DATE, "paper", required=True),
    FieldSpec("boxes", "使う決裁欄", K.CHOICES, "boxes", max_items=len(KNOWN_BOXES),
              choices=tuple(Choice(name, name) for name in KNOWN_BOXES)),
    FieldSpec("other_boxes", "ほかの決裁欄", K.LINE, "boxes", max_length=100,
              help="いくつかあるときは「、」で区切ります。右から起案者、左へ行くほど上の役職です。"),
    FieldSpec("subject", "件名", K.LINE, "words", required=True, max_length=200),
    FieldSpec("request", "伺い文", K.TEXT, "words", required=True, max_length=1000),
    FieldSpec("costs", "費用", K.TEXT, "words", max_length=3000,
              help="実証の予算があれば、はじめに入ります。財源も書いてください。"
              "例：令和8年度 委託料 1,200千円（環境費）。"),
    FieldSpec("attachments", "添付する資料（1行に1つ）", K.TEXT, "words", max_length=2000),
)  # fmt: skip

APPROVAL_FIELDS = FieldTable(SECTIONS, FIELDS)


def boxes_in(values: Mapping[str, Any]) -> tuple[str, ...]:
    """All boxes that were chosen and typed, from the drafter upwards."""
    chosen = [name for name in KNOWN_BOXES if name in (values.get("boxes") or [])]
    typed = (values.get("other_boxes") or "").translate(SEPARATORS).split("、")
    return (*chosen, *(name.strip() for name in typed if name.strip()))


def check_boxes(values: Mapping[str, Any]) -> Mapping[str, str]:
    """A message when there are too many boxes, none, or a name that fits into no box."""
    problem = box_problem(boxes_in(values))
    if not problem:
        return {}
    return {"other_boxes" if values.get("other_boxes") else "boxes": problem}
