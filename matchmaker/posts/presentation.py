"""What a page shows of a post: labels for codes, units, nothing the reader may not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.fields import FieldKind, FieldSpec, Section
from matchmaker.core.formatting import format_date, format_number, format_range, format_yen
from matchmaker.organizations import queries as organization_queries
from matchmaker.posts import vocabularies
from matchmaker.posts.content import content_of, tag_values
from matchmaker.posts.domain import PostKind, Stage
from matchmaker.posts.extensions import opened_stages
from matchmaker.posts.policy import can_see_stage
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabulary import (
    QUANTITY_BASES,
    QUANTITY_PERIODS,
    QUANTITY_UNITS,
)

HIDDEN_BECAUSE: Mapping[Stage, str] = {
    Stage.MEMBERS: "会員がサインインすると見られます",
    Stage.INTERESTED: "紹介のやりとりが双方から始まると見られます",
    Stage.PARTIES: "双方が話したいと答えたあとに見られます",
}
SHOWN_ELSEWHERE = frozenset({"title", "visibility", "valid_until"})


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field as a page shows it: its text, or codes as a list, or why it is hidden."""

    spec: FieldSpec
    text: str = ""
    items: tuple[str, ...] = ()
    hidden_because: str = ""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section of a post with what is to be seen in it."""

    section: Section
    fields: tuple[ShownField, ...]


class Presenter:
    """Turns posts into what a page shows; reads vocabularies once for a whole page."""

    def __init__(self, post_type: PostType, actor: Actor) -> None:
        self.post_type = post_type
        self.actor = actor
        self._names: dict[str, str] | None = None

    @property
    def material_names(self) -> Mapping[str, str]:
        """Names of the materials by code."""
        if self._names is None:
            self._names = vocabularies.material_names()
        return self._names

    def sections(self, post: Any) -> list[ShownSection]:
        """All sections of a post that hold something, without title and main text."""
        content = content_of(self.post_type, post)
        opened = opened_stages(self.actor, [post]).get(post.id, Stage.PUBLIC)
        shown = []
        for section in self.post_type.table.sections:
            fields = tuple(
                field
                for spec in self.post_type.table.in_section(section.key)
                if (field := self._field(post, spec, content, opened)) is not None
            )
            if fields:
                shown.append(ShownSection(section, fields))
        return shown

    def _field(
        self, post: Any, spec: FieldSpec, content: Mapping[str, Any], opened: Stage
    ) -> ShownField | None:
        value = content.get(spec.name)
        if value in (None, "", [], False) or spec.name in SHOWN_ELSEWHERE:
            return None
        if spec.name.startswith("quantity_") and spec.name != _quantity_place(content):
            return None
        if not can_see_stage(self.actor, post, spec.stage, opened):
            return ShownField(spec, hidden_because=HIDDEN_BECAUSE[Stage(spec.stage)])
        if spec.name.startswith("quantity_"):
            return ShownField(spec, text=quantity_text(content))
        if spec.kind is FieldKind.CHOICES:
            return ShownField(spec, items=tuple(self.label(spec, code) for code in value))
        return ShownField(spec, text=self.text(spec, value))

    def label(self, spec: FieldSpec, code: str) -> str:
        """Japanese label of a code."""
        if spec.vocabulary == "materials":
            return self.material_names.get(code, code)
        return spec.label_of(code)

    def text(self, spec: FieldSpec, value: Any) -> str:
        """One value as text."""
        match value:
            case bool():
                return "はい" if value else "いいえ"
            case date():
                return format_date(value)
            case list():
                return "、".join(self.label(spec, code) for code in value)
            case int() if spec.unit.startswith("円"):
                return format_yen(value) + spec.unit.removeprefix("円")
            case Decimal() | int() | float():
                return f"{format_number(value, 3)} {spec.unit}".strip()
        if spec.kind is FieldKind.MUNICIPALITY:
            return municipality_name(str(value))
        return self.label(spec, str(value)) if spec.kind is FieldKind.CHOICE else str(value)

    def materials(self, post: Any) -> list[str]:
        """Names of the materials of a post."""
        codes = tag_values(post).get(self.post_type.material_facet, [])
        return [self.material_names.get(code, code) for code in codes]

    def methods(self, post: Any) -> list[str]:
        """Names of the circulation methods of a post."""
        spec = self.post_type.table.by_name["circulation_methods"]
        return [spec.label_of(code) for code in tag_values(post).get(spec.name, [])]

    def excerpt(self, post: Any, length: int = 110) -> str:
        """The beginning of the main text."""
        text = " ".join(str(getattr(post, self.post_type.text_field)).split())
        return text if len(text) <= length else text[: length - 1] + "…"

    def amount(self, post: Any) -> str:
        """Quantity or capacity in one short line, empty when unknown or not to be shown."""
        if self.post_type.kind is PostKind.NEED:
            if not can_see_stage(self.actor, post, "members"):
                return ""
            names = ("quantity_min", "quantity_max", "quantity_unit", "quantity_period")
            return quantity_text({name: getattr(post, name) for name in names})
        capacity = post.capacity_tonnes_per_year
        return f"{format_number(capacity)} t/年" if capacity is not None else ""


def _quantity_place(content: Mapping[str, Any]) -> str:
    """The five quantity fields are read as one line, where the first filled number stands."""
    filled = (n for n in ("quantity_min", "quantity_max") if content.get(n) is not None)
    return next(filled, "")


def quantity_text(content: Mapping[str, Any]) -> str:
    """``100〜300 t・1年あたり（おおよそ）``; empty without a number."""
    low, high = content.get("quantity_min"), content.get("quantity_max")
    if low is None and high is None:
        return ""
    labels = {c.code: c.label for c in (*QUANTITY_UNITS, *QUANTITY_PERIODS, *QUANTITY_BASES)}
    unit = str(content.get("quantity_unit") or "")
    text = format_range(low, high, labels.get(unit, "").partition("（")[0])
    period = labels.get(str(content.get("quantity_period") or ""), "")
    basis = labels.get(str(content.get("quantity_basis") or ""), "")
    return (
        f"{text}・{period}" * bool(period) + text * (not period) + (f"（{basis}）" if basis else "")
    )


def municipality_name(code: str) -> str:
    """Prefecture and name for a code; the code itself when it is unknown."""
    municipality = organization_queries.municipality_with(code)
    return f"{municipality.prefecture}{municipality.name}" if municipality else code
