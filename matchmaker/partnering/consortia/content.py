"""What a consortium agrees on, field by field, and the typed record of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from matchmaker.core.cleaning import Value
from matchmaker.core.fields import Choice, FieldKind, FieldSpec, FieldTable, Section
from matchmaker.partnering.consortia.domain import NAME_LENGTH, PURPOSE_LABELS
from matchmaker.posts import vocabulary as v

K = FieldKind
MOST_TONNES = 1_000_000
"""Tonnes a year: more than any municipality of Japan has; above it the unit was mistaken."""
MOST_YEARS_AWAY = 10
"""Years between now and a day of the schedule: further away the year was mistyped."""
RESPONSIBILITY_LENGTH = 500
RESPONSIBILITY_PREFIX = "responsibility:"

SECTIONS = (
    Section("aim", "なにをめざすか", "", opened=True),
    Section("loop", "どのように循環させるか", "", opened=True),
    Section("quantity", "量", "おおよその数でかまいません。", opened=True),
    Section("schedule", "進め方", "", opened=True),
    Section("risks", "気がかりなこと", "", opened=True),
)

FIELDS = (
    FieldSpec("name", "座組の名前", K.LINE, "aim", required=True, max_length=NAME_LENGTH,
              help="例：東川市 竹の循環の座組"),
    FieldSpec("purposes", "共通の目的", K.CHOICES, "aim", required=True, max_items=4,
              choices=tuple(Choice(code, label) for code, label in PURPOSE_LABELS.items())),
    FieldSpec("aim", "めざす姿", K.TEXT, "aim", required=True, max_length=2000,
              help="だれの、どの困りごとが、どうなるとよいかを書いてください。"),
    FieldSpec("area", "対象の地域", K.LINE, "aim", max_length=200),
    FieldSpec("materials", "対象の品目", K.CHOICES, "loop", vocabulary="materials", max_items=10),
    FieldSpec("circulation_methods", "循環の構築方法", K.CHOICES, "loop", required=True,
              choices=v.CIRCULATION_METHODS),
    FieldSpec("model_elements", "地域循環モデルの要素", K.CHOICES, "loop",
              choices=v.MODEL_ELEMENTS),
    FieldSpec("tonnes_min", "1年の量（下限）", K.DECIMAL, "quantity", minimum=0,
              maximum=MOST_TONNES, unit="t/年", help="ひとつの数のときは下限だけ入れてください。"),
    FieldSpec("tonnes_max", "1年の量（上限）", K.DECIMAL, "quantity", minimum=0,
              maximum=MOST_TONNES, unit="t/年"),
    FieldSpec("quantity_note", "量の根拠", K.LINE, "quantity", max_length=200,
              help="例：2025年度の回収実績"),
    FieldSpec("starts_on", "始める日", K.DATE, "schedule"),
    FieldSpec("ends_on", "終える日", K.DATE, "schedule"),
    FieldSpec("schedule", "日程と進め方", K.TEXT, "schedule", required=True, max_length=3000),
    FieldSpec("risks", "気がかりなことと備え", K.TEXT, "risks", max_length=2000),
)  # fmt: skip

CONTENT_FIELDS = FieldTable(SECTIONS, FIELDS)
AMOUNTS = ("tonnes_min", "tonnes_max")
_TONNES = re.compile(r"(t|トン|ton|tons)(/|毎)?(年|y|year)?", re.IGNORECASE)
_UNIT = re.compile(r"[^\d.,\-+\s万億]+.*$")


@dataclass(frozen=True, slots=True)
class ConsortiumContent:
    """What the partners agree on.

    Args:
        purposes: codes of the four purposes.
        tonnes_min, tonnes_max: tonnes a year; the upper end is None where one number was given.
        responsibilities: words by the id of the partner's row (as text).
    """

    name: str = ""
    purposes: tuple[str, ...] = ()
    aim: str = ""
    area: str = ""
    materials: tuple[str, ...] = ()
    circulation_methods: tuple[str, ...] = ()
    model_elements: tuple[str, ...] = ()
    tonnes_min: Decimal | None = None
    tonnes_max: Decimal | None = None
    quantity_note: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    schedule: str = ""
    risks: str = ""
    responsibilities: Mapping[str, str] = field(default_factory=dict)

    @property
    def duties(self) -> Mapping[str, str]:
        """Responsibilities without the empty ones."""
        return {key: text for key, text in self.responsibilities.items() if text}

    def stored(self) -> dict[str, Any]:
        """The record as JSON holds it, empty values left out; responsibilities by prefixed keys."""
        plain = {spec.name: _plain(getattr(self, spec.name)) for spec in FIELDS}
        duties = {f"{RESPONSIBILITY_PREFIX}{key}": text for key, text in self.duties.items()}
        return {key: value for key, value in {**plain, **duties}.items() if value not in ("", [])}

    @classmethod
    def from_stored(cls, values: Mapping[str, Any]) -> ConsortiumContent:
        """The typed record of what :meth:`stored` gave."""
        typed = {spec.name: _typed(spec, values.get(spec.name)) for spec in FIELDS}
        start = len(RESPONSIBILITY_PREFIX)
        duties = {
            key[start:]: str(text)
            for key, text in values.items()
            if key.startswith(RESPONSIBILITY_PREFIX)
        }
        return cls(**typed, responsibilities=duties)

    @classmethod
    def from_cleaned(
        cls, values: Mapping[str, Value], responsibilities: Mapping[str, str]
    ) -> ConsortiumContent:
        """The record of checked values of the form or of a file."""
        typed = {spec.name: _settled(spec, values.get(spec.name)) for spec in FIELDS}
        return cls(**typed, responsibilities=dict(responsibilities))

    def missing(self) -> tuple[str, ...]:
        """Labels of what has to be written before the partners can agree."""
        return tuple(
            spec.label for spec in FIELDS if spec.required and not getattr(self, spec.name)
        )


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _typed(spec: FieldSpec, value: Any) -> Any:
    if spec.kind is K.CHOICES:
        return tuple(value or ())
    if spec.kind is K.DECIMAL:
        return Decimal(value) if value else None
    if spec.kind is K.DATE:
        return date.fromisoformat(value) if value else None
    return value or ""


def _settled(spec: FieldSpec, value: Any) -> Any:
    if spec.kind is K.CHOICES:
        return tuple(value or ())
    return value if spec.kind in (K.DECIMAL, K.DATE) else value or ""


def without_unit(raw: Any) -> tuple[Any, str]:
    """What was typed as an amount without its unit, and a message when the unit is another one.

    ``120トン`` and ``120 t/年`` are 120; ``300kg`` is refused rather than guessed.
    """
    if not isinstance(raw, str):
        return raw, ""
    text = unicodedata.normalize("NFKC", raw).strip()
    unit = _UNIT.search(text)
    if unit is None:
        return text, ""
    if _TONNES.fullmatch(unit.group().strip().removeprefix("約")):
        return text[: unit.start()].strip(), ""
    return text, "1年あたりのトン数を、数字だけで入れてください（例：300kgは0.3）。"


def check_ranges(values: Mapping[str, Any]) -> Mapping[str, str]:
    """Messages where an upper end lies below its lower one."""
    found: dict[str, str] = {}
    low, high = values.get("tonnes_min"), values.get("tonnes_max")
    if high is not None and low is None:
        found["tonnes_min"] = "下限も入れてください。わからないときは0でかまいません。"
    elif low is not None and high is not None and high < low:
        found["tonnes_max"] = "上限は、下限より大きい数にしてください。"
    start, end = values.get("starts_on"), values.get("ends_on")
    if start and end and end < start:
        found["ends_on"] = "終える日は、始める日よりあとにしてください。"
    return found


def check_days(
    before: ConsortiumContent, after: ConsortiumContent, today: date
) -> Mapping[str, str]:
    """Messages for days that cannot be meant, among those that were changed.

    What has begun may go on: a first day may lie in the past, and days that were stored stay.

    Args:
        before: what is stored.
        after: what is to be stored.
        today: the day in Japan.
    """
    found: dict[str, str] = {}
    for name in ("starts_on", "ends_on"):
        day = getattr(after, name)
        if day is None or day == getattr(before, name):
            continue
        if abs(day.year - today.year) > MOST_YEARS_AWAY:
            first, last = today.year - MOST_YEARS_AWAY, today.year + MOST_YEARS_AWAY
            found[name] = f"年を確かめてください。{first}年から{last}年までの日を入れてください。"
        elif name == "ends_on" and day < today:
            found[name] = "終える日が、もう過ぎています。今日か、今日よりあとの日を入れてください。"
    return found
