"""The fields of a support programme, for form, pages and reference data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from matchmaker.core.cleaning import Value
from matchmaker.core.fields import Choice, FieldKind, FieldSpec, FieldTable, Section
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.partnering.consortia.domain import GIVEN_ROLES, ROLE_LABELS
from matchmaker.partnering.consortia.programmes.conditions import FIGURES, Programme, parse_rate
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

K = FieldKind
MOST_BUDGET_YEN = 10_000_000_000_000
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
GOAL_PREFIX = "goal_"

SECTIONS = (
    Section("programme", "どんな支援策か", opened=True),
    Section("conditions", "条件", "書いた条件だけを座組と照らし合わせます。", opened=True),
    Section("rates", "予算と補助率", opened=True),
    Section("source", "出典", opened=True),
)

FIELDS = (
    FieldSpec("name", "名前", K.LINE, "programme", required=True, max_length=120),
    FieldSpec("summary", "説明", K.TEXT, "programme", required=True, max_length=1000),
    FieldSpec("run_by", "実施する団体", K.LINE, "programme", max_length=120),
    FieldSpec("first_year", "はじめの年度", K.INTEGER, "conditions", unit="年度",
              minimum=EARLIEST_YEAR, maximum=LATEST_YEAR, help="西暦で入れてください。例：2024"),
    FieldSpec("last_year", "終わりの年度", K.INTEGER, "conditions", unit="年度",
              minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
    FieldSpec("members_only", "サーキュラーパートナーズの会員だけが申請できる", K.FLAG,
              "conditions"),
    FieldSpec("categories", "参加が必要な団体の区分（どれか）", K.CHOICES, "conditions",
              choices=CATEGORIES),
    FieldSpec("materials", "対象の品目（どれか）", K.CHOICES, "conditions",
              vocabulary="materials"),
    FieldSpec("materials_are_examples", "品目は例で、ほかの品目も対象になりうる", K.FLAG,
              "conditions"),
    FieldSpec("methods", "対象の循環の構築方法（どれか）", K.CHOICES, "conditions",
              choices=CIRCULATION_METHODS),
    FieldSpec("roles", "必要な役割（すべて）", K.CHOICES, "conditions",
              choices=tuple(Choice(role.value, ROLE_LABELS[role]) for role in GIVEN_ROLES)),
    *(
        FieldSpec(f"{GOAL_PREFIX}{each.code}", each.label, K.DECIMAL, "conditions", minimum=0,
                  maximum=float(each.highest), unit=each.bound_unit,
                  help="条件にしないときは空けておきます。2つ以上入れると、どれか1つでよい条件です。")
        for each in FIGURES
    ),
    FieldSpec("judged", "ほかの条件（1行に1つ）", K.TEXT, "conditions", max_length=2000,
              help="この画面では照らし合わせず、「確かめてください」と伝えます。"),
    FieldSpec("budget_yen", "予算の総額", K.INTEGER, "rates", minimum=0, maximum=MOST_BUDGET_YEN,
              unit="円"),
    FieldSpec("rate_large", "大企業の補助率", K.LINE, "rates", max_length=6, help="例：1/3"),
    FieldSpec("rate_small", "中小企業・小規模企業の補助率", K.LINE, "rates", max_length=6,
              help="例：1/2"),
    FieldSpec("source", "出典", K.LINE, "source", required=True, max_length=200),
    FieldSpec("source_url", "くわしい案内のアドレス", K.URL, "source", max_length=300),
    FieldSpec("terms", "使い方の条件・注意", K.LINE, "source", max_length=200),
    FieldSpec("as_of", "いつの情報か", K.DATE, "source", required=True),
)  # fmt: skip

PROGRAMME_FIELDS = FieldTable(SECTIONS, FIELDS)


def check_programme(values: Mapping[str, Any]) -> Mapping[str, str]:
    """Messages over several fields: years in order, rates that are fractions."""
    found = {
        name: "1/3 のような分数で、1以下の数を入れてください。"
        for name in ("rate_large", "rate_small")
        if values.get(name) and parse_rate(values[name]) is None
    }
    first, last = values.get("first_year"), values.get("last_year")
    if (first is None) != (last is None):
        missing = "first_year" if first is None else "last_year"
        found[missing] = "はじめと終わりの年度を、両方入れてください。"
    elif first is not None and last is not None and last < first:
        found["last_year"] = "終わりの年度は、はじめの年度より後にしてください。"
    return found


def stored(values: Mapping[str, Value]) -> dict[str, Any]:
    """Checked values as JSON holds them, empty ones left out."""
    plain = {spec.name: _plain(values.get(spec.name)) for spec in FIELDS}
    return {name: value for name, value in plain.items() if value not in (None, "", [], False)}


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def loaded(values: Mapping[str, Any]) -> dict[str, Value]:
    """What :func:`stored` gave, typed again; every field is there."""
    return {spec.name: _typed(spec, values.get(spec.name)) for spec in FIELDS}


def _typed(spec: FieldSpec, value: Any) -> Value:
    match spec.kind:
        case K.CHOICES:
            return list(value or [])
        case K.FLAG:
            return bool(value)
        case K.DECIMAL:
            return Decimal(value) if value is not None else None
        case K.DATE:
            return date.fromisoformat(value) if value else None
        case _:
            typed: Value = value
            return typed


def programme_of(values: Mapping[str, Any]) -> Programme:
    """The programme with its conditions, from what is stored."""
    typed: dict[str, Any] = loaded(values)
    goals = {each.code: typed[f"{GOAL_PREFIX}{each.code}"] for each in FIGURES}
    return Programme(
        name=typed["name"] or "",
        members_only=typed["members_only"],
        categories=tuple(typed["categories"]),
        materials=tuple(typed["materials"]),
        materials_are_examples=typed["materials_are_examples"],
        methods=tuple(typed["methods"]),
        roles=tuple(typed["roles"]),
        first_year=typed["first_year"],
        last_year=typed["last_year"],
        goals={code: bound for code, bound in goals.items() if bound is not None},
        judged=tuple(line for line in (typed["judged"] or "").split("\n") if line.strip()),
        rate_large=parse_rate(typed["rate_large"] or ""),
        rate_small=parse_rate(typed["rate_small"] or ""),
    )
