"""Puts an approval document together from a consortium's content and what a person wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.text import clean_line
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.documents import queries
from matchmaker.partnering.consortia.documents.approval_fields import boxes_in
from matchmaker.partnering.consortia.documents.domain import (
    KNOWN_BOXES,
    USUAL_BOXES,
    ApprovalSheet,
    SheetSection,
    SheetTable,
)
from matchmaker.partnering.consortia.documents.official_days import official_date
from matchmaker.partnering.consortia.domain import (
    PARTNER_STATES,
    PRESENT_STATES,
    ROLE_LABELS,
    roles_of,
)
from matchmaker.partnering.consortia.extensions import PlannedCost, planned_costs
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.wording import amount_text, labels_of
from matchmaker.posts.vocabularies import DatabaseVocabularies

NOTHING = "（書かれていません）"
USUAL_REQUEST = (
    "このことについて、下記のとおり座組に参加し、実証に向けた準備を進めてよろしいか、伺います。"
)
PARTNER_HEADERS = ("団体", "役割", "状況", "分担")
PARTNER_WIDTHS = (0.32, 0.18, 0.14, 0.36)
SECRETARIAT = "事務局"


def values_of(consortium: Consortium, actor: Actor, today: date) -> dict[str, Any]:
    """What the form begins with: what the person wrote last, else what is usual."""
    draft, style = queries.draft_of(consortium.id, actor.user_id), queries.style_of(actor.user_id)
    boxes = list(style.boxes) if style else list(USUAL_BOXES)
    return {
        "organization_name": draft.organization_name if draft else _own_name(consortium, actor),
        "department": style.department if style else "",
        "drafter": draft.drafter if draft else actor.name,
        "drafted_on": draft.drafted_on if draft else today,
        "boxes": [name for name in boxes if name in KNOWN_BOXES],
        "other_boxes": "、".join(name for name in boxes if name not in KNOWN_BOXES),
        "subject": draft.subject if draft else f"「{consortium.name}」への参加について（伺い）",
        "request": draft.request if draft else USUAL_REQUEST,
        "costs": (draft and draft.costs) or costs_text(planned_costs(consortium, actor)),
        "attachments": draft.attachments if draft else "",
    }


def costs_text(costs: Sequence[PlannedCost]) -> str:
    """Planned costs line by line with who pays, then their sum; empty without any."""
    if not costs:
        return ""
    lines = [f"{each.label}　{each.yen:,}円（負担：{each.payer}）" for each in costs]
    return "\n".join([*lines, f"合計　{sum(each.yen for each in costs):,}円"])


def _own_name(consortium: Consortium, actor: Actor) -> str:
    """The name of the partner that the person belongs to."""
    own = [each for each in present(consortium) if actor.belongs_to(each.organization_id)]
    return own[0].name if own else SECRETARIAT


def present(consortium: Consortium) -> list[ConsortiumPartner]:
    """Partners that take part, are invited or were named from outside."""
    return [each for each in consortium.partners if each.state in PRESENT_STATES]


def sheet_of(consortium: Consortium, values: Mapping[str, Any]) -> ApprovalSheet:
    """The document, from the present version of the content.

    Args:
        consortium: loaded with its partners and their organisations.
        values: of ``approval_fields``, checked.
    """
    content = consortia.content_of(consortium)
    source = f"座組「{clean_line(consortium.name)}」第{consortium.revision}版の内容から作成"
    return ApprovalSheet(
        organization=values["organization_name"],
        department=values["department"] or "",
        drafter=values["drafter"] or "",
        drafted_on=values["drafted_on"],
        boxes=boxes_in(values),
        subject=values["subject"],
        request=values["request"],
        sections=(
            _purpose(content),
            _circulation(content),
            _partners(consortium, content),
            SheetSection("1年の量", _amount(content)),
            SheetSection("日程と進め方", _schedule(content)),
            SheetSection("費用", values["costs"] or NOTHING),
            SheetSection("気がかりなことと備え", content.risks or NOTHING),
            SheetSection("添付する資料", _attachments(values["attachments"] or "")),
        ),
        source=source,
    )


def _purpose(content: ConsortiumContent) -> SheetSection:
    purposes = "、".join(labels_of("purposes", content))
    lines = [purposes and f"目的：{purposes}", content.aim]
    return SheetSection("目的とめざす姿", _lines(lines))


def _lines(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line) or NOTHING


def _circulation(content: ConsortiumContent) -> SheetSection:
    materials = {each.code: each.label for each in DatabaseVocabularies().choices("materials")}
    rows = (
        ("対象の地域", content.area),
        ("対象の品目", "、".join(labels_of("materials", content, materials))),
        ("循環の構築方法", "、".join(labels_of("circulation_methods", content))),
        ("地域循環モデルの要素", "、".join(labels_of("model_elements", content))),
    )
    return SheetSection("対象と方法", _lines([f"{name}：{text}" for name, text in rows if text]))


def _partners(consortium: Consortium, content: ConsortiumContent) -> SheetSection:
    rows = tuple(
        (
            each.name,
            "、".join(ROLE_LABELS[role] for role in roles_of(each)),
            PARTNER_STATES.labels[each.state],
            content.duties.get(str(each.id), ""),
        )
        for each in present(consortium)
    )
    table = SheetTable(PARTNER_HEADERS, rows, PARTNER_WIDTHS)
    return SheetSection(f"参加する団体と役割（{len(rows)}団体）", table=table)


def _amount(content: ConsortiumContent) -> str:
    amount = amount_text(content)
    note = content.quantity_note and f"根拠：{content.quantity_note}"
    return _lines([amount, note])


def _schedule(content: ConsortiumContent) -> str:
    begins = official_date(content.starts_on) if content.starts_on else ""
    ends = official_date(content.ends_on) if content.ends_on else ""
    period = f"期間：{begins}から{ends}まで" if begins and ends else ""
    if not period and (begins or ends):
        period = f"始める日：{begins}" if begins else f"終える日：{ends}"
    return _lines([period, content.schedule])


def _attachments(text: str) -> str:
    names = [line.strip() for line in text.split("\n") if line.strip()]
    return _lines([f"（{number}）{name}" for number, name in enumerate(names, start=1)])
