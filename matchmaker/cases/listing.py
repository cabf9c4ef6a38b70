"""How cases are put into words for their pages: labels of codes, entries of the filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.cases import queries
from matchmaker.cases.domain import CONFIDENCES, NEED_BASES, CaseFilter
from matchmaker.cases.models import CaseStudy
from matchmaker.core.fields import Choice
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.posts.vocabularies import material_names
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

Entries = list["FilterEntry"]


@dataclass(frozen=True, slots=True)
class CaseLabels:
    """Japanese labels of the codes that cases carry."""

    materials: Mapping[str, str]
    methods: Mapping[str, str]
    confidences: Mapping[str, str]

    def of(self, case: CaseStudy) -> list[str]:
        """Labels of the materials, then of the methods of a case."""
        return [
            *(self.materials.get(code, code) for code in case.materials),
            *(self.methods.get(code, code) for code in case.methods),
        ]


@dataclass(frozen=True, slots=True)
class FilterEntry:
    """One entry of a group of the filter and how many cases it has."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """Entries of each group of the filter."""

    materials: Entries
    methods: Entries
    prefectures: Entries
    years: Entries
    confidences: Entries


def labels() -> CaseLabels:
    """Labels of all codes (one statement)."""
    return CaseLabels(
        materials=material_names(),
        methods=_by_code(CIRCULATION_METHODS),
        confidences=_by_code(CONFIDENCES),
    )


def filter_choices(names: CaseLabels) -> FilterChoices:
    """Entries of the filter that at least one case has."""
    found = queries.options()
    return FilterChoices(
        materials=_entries(found.materials, names.materials),
        methods=_entries(found.methods, names.methods),
        prefectures=_entries(found.prefectures, {}),
        years=[FilterEntry(str(y), f"{y}年", number) for y, number in found.years.items()],
        confidences=_entries(found.confidences, names.confidences),
    )


def chips(wanted: CaseFilter, names: CaseLabels) -> list[tuple[str, str]]:
    """Each condition in force in words, with the query that remains without it."""
    groups: tuple[tuple[str, tuple[Any, ...], Mapping[Any, str]], ...] = (
        ("materials", wanted.materials, names.materials),
        ("methods", wanted.methods, names.methods),
        ("prefectures", wanted.prefectures, {}),
        ("years", wanted.years, {year: f"{year}年" for year in wanted.years}),
        ("confidences", wanted.confidences, names.confidences),
    )
    found = [(f"「{wanted.text}」", wanted.query_string(text=""))] if wanted.text else []
    for name, values, words in groups:
        for value in values:
            rest = tuple(other for other in values if other != value)
            found.append((words.get(value, str(value)), wanted.query_string(**{name: rest})))
    return found


def map_items(wanted: CaseFilter, here: str) -> list[dict[str, Any]]:
    """Number of cases of each prefecture, each with the list it stands for."""
    counts = queries.counts_by_prefecture(wanted)
    return [
        {
            "prefecture": name,
            "count": counts.get(name, 0),
            "url": f"{here}?{wanted.query_string(prefectures=(name,), view='list')}",
        }
        for name in PREFECTURES
    ]


def sureness_of(case: CaseStudy) -> tuple[Choice, Choice]:
    """How sure the pairing is and how far the need is stated, each with its sentence."""
    confidence, basis = case.sureness
    return _entry(CONFIDENCES, confidence), _entry(NEED_BASES, basis)


def _entry(choices: tuple[Choice, ...], code: str) -> Choice:
    return next(choice for choice in choices if choice.code == code)


def _by_code(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {choice.code: choice.label for choice in choices}


def _entries(counts: Mapping[str, int], names: Mapping[str, str]) -> Entries:
    return [FilterEntry(code, names.get(code, code), number) for code, number in counts.items()]
