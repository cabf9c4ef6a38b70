"""Documented cases: how sure they are, by what they can be searched. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from matchmaker.core.fields import Choice
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.core.text import clean_line
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

LONGEST_SEARCH = 100
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


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed to; empty values do not narrow.

    Args:
        text: words that the case must contain, all of them.
        material: code of a material.
        method: code of a circulation method.
        prefecture: name of a prefecture.
        year: year in which the case began.
        confidence: code of :data:`CONFIDENCES`.
        sort: order of the list.
    """

    text: str = ""
    material: str = ""
    method: str = ""
    prefecture: str = ""
    year: int | None = None
    confidence: str = ""
    sort: CaseSort = CaseSort.NEWEST

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return replace(self, sort=CaseSort.NEWEST) == CaseFilter()


@dataclass(frozen=True, slots=True)
class CaseOptions:
    """Entries of the filter with how many cases each has."""

    materials: Mapping[str, int] = field(default_factory=dict)
    methods: Mapping[str, int] = field(default_factory=dict)
    prefectures: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    confidences: Mapping[str, int] = field(default_factory=dict)


def filter_from(values: Mapping[str, str]) -> CaseFilter:
    """The filter that a query string means; what is unknown in it is left out."""
    return CaseFilter(
        text=clean_line(values.get("q", ""))[:LONGEST_SEARCH],
        material=_code(values.get("material", "")),
        method=_known(values.get("method", ""), [c.code for c in CIRCULATION_METHODS]),
        prefecture=_known(values.get("prefecture", ""), PREFECTURES),
        year=_year(values.get("year", "")),
        confidence=_known(values.get("confidence", ""), list(Confidence)),
        sort=CaseSort(_known(values.get("sort", ""), list(CaseSort)) or CaseSort.NEWEST),
    )


def _code(text: str) -> str:
    return text if text.isascii() and text.replace("_", "").isalnum() else ""


def _known(text: str, known: Sequence[str]) -> str:
    return str(text) if text in known else ""


def _year(text: str) -> int | None:
    if not text.isascii() or not text.isdecimal() or len(text) != len("2026"):
        return None
    year = int(text)
    return year if EARLIEST_YEAR <= year <= LATEST_YEAR else None
