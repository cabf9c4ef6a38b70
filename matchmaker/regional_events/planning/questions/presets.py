"""Questions that registration forms often ask, and the one about themes. Pure data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def _choice(question_id: str, label: str, options: Sequence[str], **more: Any) -> dict[str, Any]:
    listed = [{"id": f"{question_id}{n}", "label": text} for n, text in enumerate(options, 1)]
    return {"id": question_id, "kind": "choice", "label": label, "options": listed, **more}


FREQUENT: Mapping[str, dict[str, Any]] = {
    "party": _choice(
        "party",
        "懇親会に参加しますか",
        ("参加する", "参加しない", "まだ決めていない"),
        required=True,
        help="会費と場所は、参加する方にあとでお知らせします。",
    ),
    "diet": {
        "id": "diet",
        "kind": "text",
        "label": "食事で気をつけること（アレルギーなど）",
        "max_length": 200,
        "when": {"question": "party", "options": ["party1"]},
    },
    "filming": _choice(
        "filming",
        "取材と撮影について",
        ("写ってもかまわない", "写らない席を希望する"),
        required=True,
        help="会場では、報道の取材と記録の撮影があります。",
    ),
    "privacy": _choice(
        "privacy",
        "個人情報の取り扱い",
        ("同意する", "事務局に相談してから決める"),
        required=True,
        help="いただいた情報は、このイベントの運営だけに使い、決められた期間のあとに消します。",
    ),
    "list": _choice(
        "list",
        "参加者の名簿（団体名と名前）に載せてよいですか",
        ("載せてよい", "団体名だけ載せてよい", "載せない"),
        required=True,
        help="名簿は、当日の参加者だけに配ります。",
    ),
    "cards": _choice("cards", "名刺交換の時間に参加しますか", ("参加する", "参加しない")),
    "panel": {
        "id": "panel",
        "kind": "text",
        "label": "登壇者に聞きたいこと",
        "multiline": True,
        "max_length": 500,
        "help": "いただいた質問は、名前を出さずに紹介することがあります。",
    },
    "source": _choice(
        "source",
        "このイベントを何で知りましたか",
        ("事務局からのメール", "このサイト", "自治体や団体からの案内", "知り合いから", "その他"),
        several=True,
    ),
}
"""Frequent questions by key; the key is the question's id as well."""

NEEDS: Mapping[str, str] = {"diet": "party"}
"""Questions that are asked depending on another one."""


def with_frequent(stored: Sequence[Mapping[str, Any]], keys: Iterable[str]) -> list[dict[str, Any]]:
    """The stored questions with the chosen frequent ones behind them.

    What is there already stays as it is; a question that depends on another brings that one along.
    """
    wanted = set(keys) & set(FREQUENT)
    wanted |= {NEEDS[key] for key in wanted if key in NEEDS}
    questions = [dict(question) for question in stored]
    for key in FREQUENT:
        if key in wanted and key not in {question.get("id") for question in questions}:
            questions.append(_fitting(FREQUENT[key], questions))
    return questions


def _fitting(question: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The question; always asked when the one it depends on has other options by now."""
    condition = question.get("when")
    options = {
        option.get("id")
        for each in earlier
        if condition and each.get("id") == condition["question"]
        for option in each.get("options", ())
    }
    fits = condition is None or set(condition["options"]) <= options
    return {name: value for name, value in question.items() if fits or name != "when"}


THEMES: Sequence[dict[str, Any]] = (
    {
        "id": "themes",
        "kind": "text",
        "label": "取り上げてほしいテーマ",
        "required": True,
        "multiline": True,
        "max_length": 500,
    },
    {
        "id": "reason",
        "kind": "text",
        "label": "そのテーマで困っていること、知りたいこと",
        "multiline": True,
        "max_length": 1000,
    },
    _choice(
        "form",
        "どのような進め方がよいですか",
        ("講演を聞く", "パネルディスカッションを聞く", "少人数で話し合う", "現場を見る"),
        several=True,
    ),
)
"""What the survey about themes asks unless the planner changes it."""
