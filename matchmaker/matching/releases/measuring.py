"""A version on judged sets, and beside the live one: figures, intervals, materials, regions.

Stored figures are plain values: ``against`` (number of the version compared with), ``sets`` by name
and ``objections``. A set holds ``needs``, the measures of :mod:`embeddings.evaluation`, ``ece``,
``pairs`` and ``bins`` of the calibration, the same of the other version under ``live``,
``difference`` ``[mean, low, high]`` of nDCG@10, and by group name ``materials`` (families of them)
and ``regions``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.evaluation import METRICS, mean, paired_interval
from embeddings.learning.calibration import Calibration, calibration, is_good, shown
from embeddings.learning.judged import JudgedSet
from embeddings.learning.measuring import probabilities, values_by_need
from embeddings.learning.pairs import pair_table
from embeddings.partnership import PartnershipModel
from embeddings.ranking import Rules
from matchmaker.matching.releases.domain import Difference, Objection, SetComparison
from matchmaker.matching.releases.domain import objections_as_json as as_json
from matchmaker.matching.releases.groups import materials_of, regions_of

MAIN = "ndcg10"
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """One version on one judged set.

    Attributes:
        name: the set.
        values: metric → values by need, NaN where a metric is not defined for a need.
        calibration: of the pairs that would be shown.
        materials, regions: the groups of each need, in the order of the values.
    """

    name: str
    values: Mapping[str, Values]
    calibration: Calibration
    materials: Sequence[frozenset[str]]
    regions: Sequence[frozenset[str]]

    @property
    def needs(self) -> int:
        """How many needs say something about the order."""
        return int((~np.isnan(self.values[MAIN])).sum())

    def figures(self) -> dict[str, Any]:
        """Plain values of this version alone."""
        means = {name: round(mean(values), 4) for name, values in self.values.items()}
        return {"needs": self.needs, **means, **self.calibration.to_json()}


def measured(
    name: str, model: PartnershipModel, sets: Sequence[JudgedSet], rules: Rules
) -> Measured:
    """Measure a version on a judged set.

    Args:
        name: what the set is called in the figures.
        model: the version.
        sets: the set, or the parts it was read in.
        rules: geography and vocabulary, which are not part of a version.
    """
    tables = [pair_table(each, model.text, rules.geography, rules.thesaurus) for each in sets]
    scores = [table.scores(model) for table in tables]
    by_set = [values_by_need(table, own) for table, own in zip(tables, scores, strict=True)]
    places = [shown(table, own) for table, own in zip(tables, scores, strict=True)]
    told = [probabilities(own)[place] for own, place in zip(scores, places, strict=True)]
    good = [is_good(table)[place] for table, place in zip(tables, places, strict=True)]
    needs = [need.facts for each in sets for need in each.needs]
    return Measured(
        name,
        {metric: np.concatenate([v[metric] for v in by_set]) for metric in METRICS},
        calibration(np.concatenate(told), np.concatenate(good)),
        [materials_of(need) for need in needs],
        [regions_of(need) for need in needs],
    )


def compared(candidate: Measured, live: Measured) -> tuple[SetComparison, dict[str, Any]]:
    """A candidate beside the live version on one set: for the decision, and as plain values."""
    groups = {
        key: _by_group(candidate, live, getattr(candidate, key)) for key in ("materials", "regions")
    }
    overall = _difference(candidate.values[MAIN], live.values[MAIN])
    comparison = SetComparison(
        candidate.name,
        overall,
        candidate.calibration.ece,
        live.calibration.ece,
        {name: found for each in groups.values() for name, (found, _) in each.items()},
    )
    figures = {
        **candidate.figures(),
        "live": {key: value for key, value in live.figures().items() if key != "bins"},
        "difference": _as_list(overall),
        **{
            key: {name: values for name, (_, values) in each.items()}
            for key, each in groups.items()
        },
    }
    return comparison, figures


def _by_group(
    candidate: Measured, live: Measured, groups: Sequence[frozenset[str]]
) -> dict[str, tuple[Difference, dict[str, Any]]]:
    found = {}
    for name in sorted(frozenset[str]().union(*groups)):
        inside = np.array([name in each for each in groups], dtype=bool)
        own, other = candidate.values[MAIN][inside], live.values[MAIN][inside]
        difference = _difference(own, other)
        if difference.needs:
            values = {
                "needs": difference.needs,
                MAIN: round(mean(own), 4),
                "difference": _as_list(difference),
            }
            found[name] = difference, values
    return found


def _difference(own: Values, other: Values) -> Difference:
    interval = paired_interval(own, other)
    needs = int((~np.isnan(own - other)).sum())
    return Difference(needs, *interval.rounded())


def _as_list(difference: Difference) -> list[float]:
    return [difference.difference, difference.low, difference.high]


def figures_of(
    against: int, sets: Mapping[str, Mapping[str, Any]], objections: Sequence[Objection]
) -> dict[str, Any]:
    """What is stored with a version."""
    return {"against": against, "sets": dict(sets), "objections": as_json(objections)}
