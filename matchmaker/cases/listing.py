"""How cases are put into words for their pages: labels of codes, entries of the filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matchmaker.cases import queries
from matchmaker.cases.domain import CONFIDENCES, NEED_BASES, CaseFilter
from matchmaker.cases.models import CaseStudy
from matchmaker.core.fields import Choice
from matchmaker.posts.vocabularies import material_names
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

Entries = list[tuple[str, str]]


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
class FilterChoices:
    """Entries of each select of the filter, as (value, label)."""

    materials: Entries
    methods: Entries
    prefectures: Entries
    years: Entries
    confidences: Entries


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing the list is narrowed to: the query value's name and what people read."""

    name: str
    label: str


def labels() -> CaseLabels:
    """Labels of all codes (one statement)."""
    return CaseLabels(
        materials=material_names(),
        methods=_by_code(CIRCULATION_METHODS),
        confidences=_by_code(CONFIDENCES),
    )


def filter_choices() -> FilterChoices:
    """Entries of the filter that at least one case has, each with its number."""
    found, names = queries.options(), labels()
    return FilterChoices(
        materials=_entries(found.materials, names.materials),
        methods=_entries(found.methods, names.methods),
        prefectures=_entries(found.prefectures, {}),
        years=[(str(year), f"{year}年（{number}）") for year, number in found.years.items()],
        confidences=_entries(found.confidences, names.confidences),
    )


def chosen(wanted: CaseFilter) -> list[Chosen]:
    """What the list is narrowed to, in words."""
    names = labels()
    pairs = (
        ("q", f"「{wanted.text}」" if wanted.text else ""),
        ("material", names.materials.get(wanted.material, wanted.material)),
        ("method", names.methods.get(wanted.method, "")),
        ("prefecture", wanted.prefecture),
        ("year", f"{wanted.year}年" if wanted.year else ""),
        ("confidence", names.confidences.get(wanted.confidence, "")),
    )
    return [Chosen(name, label) for name, label in pairs if label]


def sureness_of(case: CaseStudy) -> tuple[Choice, Choice]:
    """How sure the pairing is and how far the need is stated, each with its sentence."""
    confidence, basis = case.sureness
    return _entry(CONFIDENCES, confidence), _entry(NEED_BASES, basis)


def _entry(choices: tuple[Choice, ...], code: str) -> Choice:
    return next(choice for choice in choices if choice.code == code)


def _by_code(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {choice.code: choice.label for choice in choices}


def _entries(counts: Mapping[str, int], names: Mapping[str, str]) -> Entries:
    return [(code, f"{names.get(code, code)}（{number}）") for code, number in counts.items()]
