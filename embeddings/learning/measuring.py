"""Figures of a ranking on a judged set: its order, and whether its probabilities come true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.evaluation import METRICS, mean, per_query
from embeddings.geography import Geography
from embeddings.learning.calibration import calibration, is_good, shown
from embeddings.learning.judged import JudgedSet
from embeddings.learning.pairs import UNJUDGED, PairTable, pair_table
from embeddings.partnership import PartnershipModel
from embeddings.reading.thesaurus import Thesaurus

Array = npt.NDArray[np.float64]


def measure(
    model: PartnershipModel, source: JudgedSet, geography: Geography, thesaurus: Thesaurus
) -> dict[str, Any]:
    """Measure a ranking on a judged set.

    Returns:
        ``{"set": name, "needs": n, metric: mean …, "calibration": …, "calibration_of_all": …}``
        with the metrics of :mod:`embeddings.evaluation`; a mean is taken over the needs for which
        the metric is defined. The first calibration is over the pairs that people would see (the
        best ten of each need), the second over all pairs with a grade; absent ones count as 0.
    """
    table = pair_table(source, model.text, geography, thesaurus)
    scores = table.scores(model)
    values = values_by_need(table, scores)
    told, good = probabilities(scores), is_good(table)
    places = shown(table, scores), table.grades != UNJUDGED
    return {
        "set": source.name,
        "needs": len(source.needs),
        **{name: round(mean(values[name]), 4) for name in METRICS},
        **{
            name: calibration(told[place], good[place]).to_json()
            for name, place in zip(("calibration", "calibration_of_all"), places, strict=True)
        },
    }


def values_by_need(table: PairTable, scores: Array) -> dict[str, Array]:
    """Measure each need, ``(n,)`` a metric, ranking those offerings of which a grade is known.

    Args:
        table: the pairs.
        scores: ``(n, m)``.
    """
    return per_query(rankings(table, scores), table.source.folder.judgements)


def rankings(table: PairTable, scores: Array) -> Mapping[str, list[str]]:
    """Return the order of the offerings for each need, best first, ties by id."""
    ids = np.array([offering.facts.id for offering in table.source.offerings])
    found = {}
    for row, need in enumerate(table.source.needs):
        known = np.flatnonzero(table.grades[row] != UNJUDGED)
        order = known[np.lexsort((ids[known], -scores[row, known]))]
        found[need.facts.id] = [str(id) for id in ids[order]]
    return found


def probabilities(scores: Array) -> Array:
    """Return the probabilities of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float64)
