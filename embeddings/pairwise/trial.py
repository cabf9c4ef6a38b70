"""What a pair reader is worth: cross-validated on the training set, then on sets it never saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.encoder import Encoder
from embeddings.evaluation import ndcg10, paired_interval
from embeddings.learning.judged import JudgedSet, load_judged_set
from embeddings.pairwise.network import JointNetwork
from embeddings.pairwise.reader import pair_text
from embeddings.pairwise.training import (
    ReadTexts,
    Report,
    Scores,
    TrainingSettings,
    read_candidates,
    read_texts,
    train_adapter,
)
from embeddings.ranking import Rules
from embeddings.store import TwoSidedIndex

if TYPE_CHECKING:
    from torch import Tensor

FOLDS: Final = 3
# Reading further down changes little in the first ten places.
BEST: Final = 15
WEIGHTS: Final = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What to train and measure.

    Attributes:
        train: folder of the judged set to train on.
        measured: folders of the sets to measure on, by name.
        settings: of the training.
        folds: 0 leaves the cross-validation out; the weight of the reading is then 0.2.
    """

    train: Path
    measured: Mapping[str, Path]
    settings: TrainingSettings
    folds: int = FOLDS


def run_trial(
    plan: TrialPlan,
    network: JointNetwork,
    encoder: Encoder | None,
    rules: Rules,
    report: Report,
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Cross-validate, train on everything and measure.

    Args:
        plan: what to do.
        network: the encoder's layers.
        encoder: for the ranking that the reading is mixed into; None ranks by words and fields.
        rules: of that ranking.
        report: told what was measured as soon as it is known.

    Returns:
        The adapter trained on the whole set, and per set ``{"alone": nDCG@10 of the reading alone,
        "ranking": of the ranking alone, "mixed": of both, "difference": [mean, low, high]}`` with
        ``"weight"`` beside them.

    Raises:
        BadBenchFolder: when a folder cannot be read.
    """
    others = {
        name: load_judged_set(path, encoder, rules.thesaurus)
        for name, path in plan.measured.items()
    }
    judged_pairs = load_judged_set(plan.train, encoder, rules.thesaurus)
    judged = _read(network, judged_pairs, encoder, rules)
    unseen = cross_validate(network, judged, plan, report)
    weight = best_weight(unseen, judged) if unseen else WEIGHTS[2]
    figures: dict[str, Any] = {"weight": weight}
    if unseen:
        figures["train, unseen needs"] = measure_mix(unseen, judged, weight)
        report(f"train, unseen needs: {figures['train, unseen needs']}")
    tensors = train_adapter(network, judged, [*judged.scores], plan.settings, report)
    for name, other_pairs in others.items():
        other = _read(network, other_pairs, encoder, rules)
        readings = read_candidates(network, tensors, other, [*other.scores], BEST)
        figures[name] = measure_mix(readings, other, weight)
        report(f"{name}: {figures[name]}")
    return tensors, figures


def cross_validate(
    network: JointNetwork, judged: ReadTexts, plan: TrialPlan, report: Report
) -> dict[str, dict[str, float]]:
    """Read each need with an adapter that saw neither it nor any offering of its slice.

    Returns:
        Need id → offering id → log-odds, for all needs.
    """
    groups = sorted({frozenset(scores) for scores in judged.scores.values()}, key=min)
    fold_of = {ids: number % plan.folds for number, ids in enumerate(groups) if plan.folds}
    found: dict[str, dict[str, float]] = {}
    for fold in range(plan.folds):
        held = [n for n, s in judged.scores.items() if fold_of[frozenset(s)] == fold]
        fitted = [n for n in judged.scores if n not in set(held)]
        tensors = train_adapter(network, judged, fitted, plan.settings, report)
        found.update(read_candidates(network, tensors, judged, held, BEST))
        report(f"fold {fold + 1} of {plan.folds} is done")
    return found


def ranking_scores(judged: JudgedSet, encoder: Encoder | None, rules: Rules) -> Scores:
    """Return what the ranking gives each candidate of each need, without any reading.

    Candidates are all offerings, or those of the need's slice where a set was judged in slices.
    """
    index = TwoSidedIndex(encoder, rules=rules)
    index.needs.upsert(judged.needs)
    index.offerings.upsert(judged.offerings)
    found = {}
    for need in judged.needs:
        own = judged.slices.get(need.facts.id)
        ids = [o.facts.id for o in judged.offerings if judged.slices.get(o.facts.id) == own]
        places = index.offerings_for(need, top_k=len(ids), only=ids)
        found[need.facts.id] = {place.id: place.score for place in places}
    return found


def best_weight(readings: Scores, judged: ReadTexts) -> float:
    """Return the weight beside the ranking's score that orders the given needs best."""
    means = {w: float(np.nanmean(_values(readings, judged, w))) for w in WEIGHTS}
    return max(means, key=lambda weight: (means[weight], -weight))


def measure_mix(readings: Scores, judged: ReadTexts, weight: float) -> dict[str, Any]:
    """Return nDCG@10 of the reading, of the ranking and of both, with the paired interval."""
    ranking, mixed = (_values(readings, judged, w) for w in (0.0, weight))
    alone = _values(readings, replace(judged, scores=_level(judged.scores)), 1.0)
    return {
        "alone": round(float(np.nanmean(alone)), 4),
        "ranking": round(float(np.nanmean(ranking)), 4),
        "mixed": round(float(np.nanmean(mixed)), 4),
        "difference": paired_interval(mixed, ranking).rounded(),
    }


def _values(readings: Scores, judged: ReadTexts, weight: float) -> Values:
    """nDCG@10 of each need; only the candidates that were read change places."""
    return np.array(
        [
            ndcg10(_mixed(judged.scores[need], read, weight), judged.grades.get(need, {}))
            for need, read in readings.items()
        ]
    )


def _mixed(scores: Mapping[str, float], read: Mapping[str, float], weight: float) -> list[str]:
    sums = {id: score + weight * read.get(id, 0.0) for id, score in scores.items()}
    return sorted(sums, key=lambda id: (id not in read, -sums[id], id))


def _level(scores: Scores) -> dict[str, dict[str, float]]:
    return {need: dict.fromkeys(own, 0.0) for need, own in scores.items()}


def _read(
    network: JointNetwork, judged: JudgedSet, encoder: Encoder | None, rules: Rules
) -> ReadTexts:
    needs = {need.facts.id: pair_text(need.facts) for need in judged.needs}
    offerings = {offering.facts.id: pair_text(offering.facts) for offering in judged.offerings}
    scores = ranking_scores(judged, encoder, rules)
    return read_texts(network, needs, offerings, scores, judged.folder.judgements)
