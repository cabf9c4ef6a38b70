"""Documented cases: how sure they are, by what they can be searched. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

from matchmaker.core.fields import Choice
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.core.text import clean_line
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

LONGEST_SEARCH = 100
MOST_CHOICES = 50
CODE = re.compile(r"^[a-z0-9_]{1,40}$")
YEAR = re.compile(r"^[0-9]{4}$")
EARLIEST_YEAR, LATEST_YEAR = 1950, 2100


class Confidence(StrEnum):
    """How sure it is that this business answered this need."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class NeedBasis(StrEnum):
    """How far the source itself states the need."""

    STATED = "stated"
    PARTLY_INFERRED = "partly_inferred"
    INFERRED = "inferred"


class CaseFacet(StrEnum):
    """Fields of a case that hold several codes."""

    MATERIALS = "materials"
    METHODS = "circulation_methods"


class CaseSort(StrEnum):
    """Orders of the list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PLACE = "place"


CONFIDENCES = (
    Choice(Confidence.HIGH, "確か", "自治体と事業者の組み合わせが、出典にはっきり書かれています。"),
    Choice(
        Confidence.MEDIUM,
        "おおむね確か",
        "組み合わせは出典から読み取れますが、一部は確かめられていません。",
    ),
    Choice(Confidence.LOW, "要確認", "組み合わせは推定です。使う前に出典を確かめてください。"),
)
NEED_BASES = (
    Choice(
        NeedBasis.STATED, "出典に書かれている", "困りごとは、出典に書かれている内容をまとめました。"
    ),
    Choice(
        NeedBasis.PARTLY_INFERRED,
        "一部は推定",
        "困りごとの一部は、出典に書かれた取り組みの内容から推定しました。",
    ),
    Choice(
        NeedBasis.INFERRED,
        "推定",
        "困りごとは、出典に書かれた取り組みの内容から推定しました。",
    ),
)
SORTS = (
    Choice(CaseSort.NEWEST, "新しい順"),
    Choice(CaseSort.OLDEST, "古い順"),
    Choice(CaseSort.PLACE, "北から順"),
)


@dataclass(frozen=True, slots=True)
class CaseData:
    """One documented case as it is loaded.

    Args:
        key: id that never changes, such as ``RC001``.
        title: short Japanese heading.
        municipality: official name of the municipality.
        prefecture: official name of its prefecture.
        municipality_code: six-digit local-government code.
        need: the problem as the municipality put it before the answer was known.
        business: who answered.
        offering: what the business can do.
        theme: the subject in a word.
        material_note: the materials as the source names them.
        quantity: amounts as the source names them.
        year: year in which it began, None when unknown.
        source_url: where it is documented.
        confidence: how sure the pairing is.
        need_basis: how far the source states the need.
        note: what else is to be known.
        materials: codes of the vocabulary of materials.
        methods: codes of the eight circulation methods.
    """

    key: str
    title: str
    municipality: str
    prefecture: str
    municipality_code: str
    need: str
    business: str
    offering: str
    source_url: str
    confidence: Confidence
    need_basis: NeedBasis
    theme: str = ""
    material_note: str = ""
    quantity: str = ""
    year: int | None = None
    note: str = ""
    materials: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()

    def tags(self) -> dict[str, tuple[str, ...]]:
        """Codes by facet."""
        return {CaseFacet.MATERIALS.value: self.materials, CaseFacet.METHODS.value: self.methods}


class QueryValues(Protocol):
    """Values of a query string."""

    def getlist(self, key: str) -> list[str]:
        """All values of ``key``."""
        ...


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed to; empty values do not narrow, several of one kind widen.

    Args:
        text: words that the case must contain, all of them.
        materials: codes of materials.
        methods: codes of circulation methods.
        prefectures: names of prefectures.
        years: years in which the case began.
        confidences: codes of :data:`CONFIDENCES`.
        sort: order of the list.
        view: ``list`` or ``map``.
    """

    text: str = ""
    materials: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    prefectures: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    confidences: tuple[str, ...] = ()
    sort: CaseSort = CaseSort.NEWEST
    view: str = "list"

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as it stands in an address, without what is empty or usual."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [("material", code) for code in self.materials]
        pairs += [("method", code) for code in self.methods]
        pairs += [("prefecture", name) for name in self.prefectures]
        pairs += [("year", str(year)) for year in self.years]
        pairs += [("confidence", code) for code in self.confidences]
        pairs += [("sort", self.sort.value)] if self.sort is not CaseSort.NEWEST else []
        return pairs + ([("view", "map")] if self.view == "map" else [])

    def query_string(self, **changes: Any) -> str:
        """The filter with some parts changed, as the query of an address."""
        return urlencode(replace(self, **changes).pairs())

    @property
    def conditions(self) -> int:
        """How many conditions are in force."""
        return len(replace(self, sort=CaseSort.NEWEST, view="list").pairs())


@dataclass(frozen=True, slots=True)
class CaseOptions:
    """Entries of the filter with how many cases each has."""

    materials: Mapping[str, int] = field(default_factory=dict)
    methods: Mapping[str, int] = field(default_factory=dict)
    prefectures: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    confidences: Mapping[str, int] = field(default_factory=dict)


def filter_from(values: QueryValues) -> CaseFilter:
    """The filter that a query string means; what is unknown in it is left out."""
    sort = _known(values, "sort", list(CaseSort))
    return CaseFilter(
        text=clean_line(_first(values, "q"))[:LONGEST_SEARCH],
        materials=_codes(values, "material"),
        methods=_known(values, "method", [c.code for c in CIRCULATION_METHODS]),
        prefectures=_known(values, "prefecture", PREFECTURES),
        years=tuple(int(year) for year in _several(values, "year") if _is_year(year)),
        confidences=_known(values, "confidence", list(Confidence)),
        sort=CaseSort(sort[0]) if sort else CaseSort.NEWEST,
        view="map" if _first(values, "view") == "map" else "list",
    )


def _first(values: QueryValues, name: str) -> str:
    return next(iter(values.getlist(name)), "")


def _several(values: QueryValues, name: str) -> list[str]:
    return list(dict.fromkeys(values.getlist(name)[:MOST_CHOICES]))


def _codes(values: QueryValues, name: str) -> tuple[str, ...]:
    return tuple(code for code in _several(values, name) if CODE.match(code))


def _known(values: QueryValues, name: str, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(value) for value in _several(values, name) if value in known)


def _is_year(text: str) -> bool:
    return bool(YEAR.match(text)) and EARLIEST_YEAR <= int(text) <= LATEST_YEAR
