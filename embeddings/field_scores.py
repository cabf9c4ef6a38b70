"""What fields and readings give the pairs of one post, each comparison made once for equal values.

Posts repeat each other: few areas, kinds and licences occur, and many fields are empty. So of the
twelve comparisons of a pair nearly all were made for an earlier candidate of the same query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from embeddings.features import finding_features, material_features, term_features
from embeddings.geography import Geography
from embeddings.reading.stated import NeedStatement, OfferingStatement, Statement
from embeddings.structure import FINDINGS, Finding, compare_materials, compare_terms, only_sold

Features = tuple[tuple[str, float], ...]
Compare = Callable[[NeedStatement, OfferingStatement, Geography], Iterator[tuple[str, float]]]


class FieldScores:
    """Compares one post's statement with those of many of the other side.

    Args:
        query: what the searching post states.
        geography: the map.
        weights: feature → weight.

    Not safe to be called from several threads at once.
    """

    def __init__(
        self, query: Statement, geography: Geography, weights: Mapping[str, float]
    ) -> None:
        self._query, self._geography, self._weights = query, geography, weights
        self._is_need = isinstance(query, NeedStatement)
        self._features: list[dict[str, Features]] = [{} for _ in COMPARISONS]
        self._amounts: list[dict[str, float]] = [{} for _ in COMPARISONS]

    def features(self, other: Statement) -> Features:
        """Return the features of a pair as :func:`embeddings.features.field_features` yields them,
        but for refusals, which are sentences."""
        try:
            return tuple(
                feature
                for known, key in zip(self._features, other.keys, strict=True)
                for feature in known[key]
            )
        except KeyError:
            self._compare(other)
            return self.features(other)

    def total(self, other: Statement) -> float:
        """Return what those features add to the score, up to rounding."""
        try:
            # A list, for this is asked of every candidate.
            return sum([known[key] for known, key in zip(self._amounts, other.keys, strict=True)])
        except KeyError:
            self._compare(other)
            return self.total(other)

    def _compare(self, other: Statement) -> None:
        """Make the comparisons of a pair that are not known yet."""
        pair: tuple[Any, Any] = (self._query, other) if self._is_need else (other, self._query)
        need, offering = cast("tuple[NeedStatement, OfferingStatement]", pair)
        for place, key in enumerate(other.keys):
            if key in self._features[place]:
                continue
            features = tuple(COMPARISONS[place](need, offering, self._geography))
            self._features[place][key] = features
            amounts = (self._weights.get(name, 0.0) * value for name, value in features)
            self._amounts[place][key] = sum(amounts)


def _materials(
    need: NeedStatement, offering: OfferingStatement, _: Geography
) -> Iterator[tuple[str, float]]:
    materials = compare_materials(need, offering)
    return material_features(materials, bool(only_sold(offering, materials)))


def _methods(
    need: NeedStatement, offering: OfferingStatement, _: Geography
) -> Iterator[tuple[str, float]]:
    return term_features("methods", compare_terms(need.methods, offering.methods))


def _stages(
    need: NeedStatement, offering: OfferingStatement, _: Geography
) -> Iterator[tuple[str, float]]:
    return term_features("stages", compare_terms(need.stages, offering.stages))


def _of(find: Callable[[NeedStatement, OfferingStatement, Geography], Finding]) -> Compare:
    return lambda need, offering, geography: finding_features(find(need, offering, geography))


COMPARISONS: Final[tuple[Compare, ...]] = (_materials, _methods, _stages, *map(_of, FINDINGS))
"""Every comparison of a pair; the ``keys`` of both statements stand in this order."""
