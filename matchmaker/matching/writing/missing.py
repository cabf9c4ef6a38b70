"""Which empty field would change the ranking most, found by the ranking itself.

For each empty field the values that the draft's own candidates make plausible are tried, and the
candidates are ranked again with each. The field whose values move the first ten most is asked for.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from embeddings.facts import NeedFacts, OfferingFacts, PartnerScope, PostFacts, ReadingKind
from embeddings.posts import IndexedPost
from embeddings.reading.grouped import readings_of
from matchmaker.posts.domain import PostKind

Ranking = Callable[[IndexedPost[Any], int, Sequence[str] | None], Sequence[str]]
"""Ids, best first: of a query, at most so many, out of some ids (all when None)."""

POOL: Final = 60
FIRST: Final = 10
MOST_VALUES: Final = 3
BUDGET_SECONDS: Final = 0.35
"""After so long no further value is tried; what is known by then is asked."""
SMALLEST_MOVE: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Trial:
    """One field that may be empty.

    Attributes:
        field: name of the field of the form.
        reading: what stands in for it when it was read in the text.
        is_empty: whether the facts say nothing about it.
        plausible: changes of the facts to try, from the candidates.
        why: why it matters, one sentence.
    """

    field: str
    reading: ReadingKind | None
    is_empty: Callable[[Any], bool]
    plausible: Callable[[Any, Sequence[PostFacts]], Iterable[Mapping[str, Any]]]
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """The field to ask for.

    Attributes:
        field: its name.
        moved: how many of the first ten change at most.
        reordered: whether the order changes although the ten stay.
        why: why it matters, one sentence.
    """

    field: str
    moved: int
    reordered: bool
    why: str


def ask(
    kind: PostKind,
    query: IndexedPost[Any],
    rank: Ranking,
    facts_of: Callable[[str], PostFacts | None],
    *,
    seconds: float = BUDGET_SECONDS,
) -> Question | None:
    """Find the empty field that would move the first ten most.

    Args:
        kind: need or offering.
        query: the draft.
        rank: the ranking.
        facts_of: facts of a candidate.
        seconds: bound of the time spent trying.

    Returns:
        None where nothing is empty, nothing moves, or there is nobody to rank.
    """
    ends = time.perf_counter() + seconds
    pool = list(rank(query, POOL, None))
    candidates = [facts for id_ in pool if (facts := facts_of(id_)) is not None]
    if not candidates:
        return None
    before = pool[:FIRST]
    best: tuple[float, Question] | None = None
    for trial in TRIALS[kind]:
        if not _is_open(trial, query.facts):
            continue
        tried = []
        for change in list(trial.plausible(query.facts, candidates))[:MOST_VALUES]:
            if time.perf_counter() > ends:
                break
            after = rank(replace(query, facts=replace(query.facts, **change)), FIRST, pool)
            tried.append((moves(before, after), len(set(after) - set(before))))
        found = _question(trial, tried)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best else None


def moves(before: Sequence[str], after: Sequence[str]) -> float:
    """How far the first ten move on average, in places; one that leaves counts as the eleventh."""
    places = {id_: place for place, id_ in enumerate(after)}
    beyond = max(len(before), len(after))
    return sum(abs(place - places.get(id_, beyond)) for place, id_ in enumerate(before)) / (
        len(before) or 1
    )


def _question(trial: _Trial, tried: Sequence[tuple[float, int]]) -> tuple[float, Question] | None:
    if not tried:
        return None
    mean = sum(move for move, _ in tried) / len(tried)
    if mean < SMALLEST_MOVE:
        return None
    moved = max(count for _, count in tried)
    return mean, Question(trial.field, moved, moved == 0, trial.why)


def _is_open(trial: _Trial, facts: PostFacts) -> bool:
    if not trial.is_empty(facts):
        return False
    return trial.reading is None or not readings_of(facts, trial.reading)


def _common(name: str, other: str) -> Callable[[Any, Sequence[PostFacts]], list[dict[str, Any]]]:
    """The terms that most candidates have, each alone."""

    def plausible(_own: Any, candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
        counts = Counter(term for facts in candidates for term in getattr(facts, other, ()))
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return [{name: (term,)} for term, _ in ordered[:MOST_VALUES]]

    return plausible


def _amounts(*others: str) -> Callable[[Sequence[PostFacts]], list[float]]:
    """A small, a middle and a large amount out of those of the candidates."""

    def quartiles(candidates: Sequence[PostFacts]) -> list[float]:
        found = sorted(
            float(value)
            for facts in candidates
            for other in others
            if (value := getattr(facts, other, None)) is not None
        )
        if not found:
            return []
        places = {len(found) // 4, len(found) // 2, (3 * len(found)) // 4}
        return sorted({found[place] for place in places})

    return quartiles


def _quantity(_own: Any, candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
    # Half of a typical least amount or capacity tells apart who takes so little from who does not.
    found = _amounts("minimum_lot", "free_capacity", "capacity")(candidates)
    return [{"quantity_low": value / 2, "quantity_high": value / 2} for value in found]


def _amount_field(name: str) -> Callable[[Any, Sequence[PostFacts]], list[dict[str, Any]]]:
    def plausible(_own: Any, candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
        return [{name: value} for value in _amounts("quantity_high")(candidates)]

    return plausible


def _kinds(_own: Any, candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
    kinds = Counter(facts.kind for facts in candidates if isinstance(facts, OfferingFacts))
    return [{"sought_kinds": (kind,)} for kind, _ in kinds.most_common(MOST_VALUES) if kind]


def _own_kind(_own: Any, candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
    kinds = Counter(
        kind for facts in candidates if isinstance(facts, NeedFacts) for kind in facts.sought_kinds
    )
    return [{"kind": kind} for kind, _ in kinds.most_common(MOST_VALUES) if kind != "advice"]


def _area(own: Any, _candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
    return [{"service_area": (own.prefecture,)}] if own.prefecture else []


def _scope(_own: Any, _candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
    return [{"partner_scope": scope} for scope in (PartnerScope.NEARBY, PartnerScope.COUNTRY)]


def _classes(_own: Any, _candidates: Sequence[PostFacts]) -> list[dict[str, Any]]:
    return [{"waste_class": word} for word in ("一般廃棄物", "産業廃棄物")]


def _lacks(*names: str) -> Callable[[Any], bool]:
    return lambda facts: all(getattr(facts, name) in (None, ()) for name in names)


R = ReadingKind
TRIALS: Final[Mapping[PostKind, tuple[_Trial, ...]]] = {
    PostKind.NEED: (
        _Trial("materials", R.MATERIAL, _lacks("materials"), _common("materials", "materials"),
               "同じ品目を扱う相手が、上に来るようになります。"),
        _Trial("quantity_min", R.QUANTITY, _lacks("quantity_low", "quantity_high"), _quantity,
               "量がわかると、最低の量や能力が合わない相手を見分けられます。"),
        _Trial("sought_kinds", R.SOUGHT_KIND, _lacks("sought_kinds"), _kinds,
               "技術がほしいのか、受け入れ先がほしいのかで、合う相手が変わります。"),
        _Trial("circulation_methods", R.METHOD, _lacks("circulation_methods"),
               _common("circulation_methods", "circulation_methods"),
               "めざす循環のしかたが同じ相手が、上に来るようになります。"),
        _Trial("partner_scope", R.PARTNER_SCOPE, _lacks("partner_scope"), _scope,
               "遠い相手も含めるかどうかが決まります。"),
        _Trial("waste_class", R.WASTE_CLASS, _lacks("waste_class"), _classes,
               "区分がわかると、許可の合わない相手を見分けられます。"),
    ),
    PostKind.OFFERING: (
        _Trial("input_materials", R.MATERIAL, _lacks("materials"),
               _common("materials", "materials"),
               "同じ品目で困っている自治体が、上に来るようになります。"),
        _Trial("service_area", R.SERVICE_AREA, _lacks("service_area"), _area,
               "対応できない地域のニーズを外せます。"),
        _Trial("minimum_lot_tonnes_per_year", R.MINIMUM_LOT, _lacks("minimum_lot"),
               _amount_field("minimum_lot"),
               "最低の量がわかると、量の足りないニーズを見分けられます。"),
        _Trial("capacity_tonnes_per_year", R.CAPACITY, _lacks("capacity", "free_capacity"),
               _amount_field("capacity"),
               "能力がわかると、受けきれないニーズを見分けられます。"),
        _Trial("kind", R.OFFERING_KIND, _lacks("kind"), _own_kind,
               "求められている種類と合うニーズが、上に来るようになります。"),
        _Trial("circulation_methods", R.METHOD, _lacks("circulation_methods"),
               _common("circulation_methods", "circulation_methods"),
               "めざす循環のしかたが同じニーズが、上に来るようになります。"),
    ),
}  # fmt: skip
