"""What of a consortium goes into the answers of a proposal, question by question."""

from __future__ import annotations

from typing import Any

from matchmaker.core.formatting import format_date
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import (
    FILLING_STATES,
    ROLE_LABELS,
    roles_of,
)
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.wording import amount_text, labels_of
from matchmaker.questions.domain import Question, QuestionKind, Questionnaire

TOPICS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("aim", ("目的", "めざす", "目指す", "ねらい", "背景", "課題")),
    ("partners", ("体制", "役割", "分担", "参加者", "実施者", "メンバー")),
    ("schedule", ("日程", "スケジュール", "進め方", "工程", "計画", "時期")),
    ("amount", ("量", "効果", "目標", "成果", "規模")),
    ("risks", ("リスク", "懸念", "気がかり", "留意")),
    ("loop", ("内容", "概要", "取組", "取り組み", "方法", "循環")),
)
"""Which part answers a question, by the words of its label; the first topic that meets one."""


def carried_answers(
    questionnaire: Questionnaire, consortium: Consortium, content: ConsortiumContent
) -> dict[str, Any]:
    """Answers to the text questions that ask for a part of the content, each part once.

    Writers go on from there: a question whose label meets no part stays empty.
    """
    parts = parts_of(consortium, content)
    found: dict[str, Any] = {}
    for question in questionnaire.questions:
        topic = _topic(question, parts)
        if topic is None:
            continue
        found[question.id] = _cut(parts.pop(topic), question)
    return found


def _topic(question: Question, left: dict[str, str]) -> str | None:
    if question.kind is not QuestionKind.TEXT:
        return None
    for topic, words in TOPICS:
        if left.get(topic) and any(word in question.label for word in words):
            return topic
    return None


def _cut(text: str, question: Question) -> str:
    most = question.max_length or len(text)
    return text[:most]


def parts_of(consortium: Consortium, content: ConsortiumContent) -> dict[str, str]:
    """The parts of a consortium in plain words (its partners with their organisations loaded)."""
    return {
        "aim": _lines(content.aim, _named("共通の目的", labels_of("purposes", content))),
        "partners": partners_text(consortium, content),
        "schedule": _lines(_period(content), content.schedule),
        "amount": _lines(_named("1年の量", [amount_text(content)]), content.quantity_note),
        "risks": content.risks,
        "loop": _lines(
            _named("循環の構築方法", labels_of("circulation_methods", content)),
            _named("地域循環モデルの要素", labels_of("model_elements", content)),
            _named("対象の地域", [content.area]),
        ),
    }


def partners_text(consortium: Consortium, content: ConsortiumContent) -> str:
    """One line a partner: name, roles, what it answers for."""
    return "\n".join(
        f"・{each.name}（{'、'.join(ROLE_LABELS[role] for role in roles_of(each))}）"
        + (f"：{content.duties[str(each.id)]}" if str(each.id) in content.duties else "")
        for each in consortium.partners
        if each.state in FILLING_STATES
    )


def _period(content: ConsortiumContent) -> str:
    if content.starts_on is None and content.ends_on is None:
        return ""
    start = format_date(content.starts_on) if content.starts_on else ""
    end = format_date(content.ends_on) if content.ends_on else ""
    return f"期間：{start}～{end}"


def _named(label: str, words: list[str]) -> str:
    filled = [word for word in words if word]
    return f"{label}：{'、'.join(filled)}" if filled else ""


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
