"""What a pair reader is worth: cross-validated on the training set, then on sets it never saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.bench_folder import BenchFolder, read_bench_folder
from embeddings.encoder import Encoder
from embeddings.evaluation import ndcg10, paired_interval
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
from embeddings.posts import embed_posts, index_post
from embeddings.ranking import Rules
from embeddings.store import TwoSidedIndex

if TYPE_CHECKING:
    from torch import Tensor

FOLDS: Final = 3
# Reading further down changes little in the first ten places.
BEST: Final = 20
WEIGHTS: Final = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
_EVERYTHING: Final = 10_000

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
    folders = {name: read_bench_folder(path) for name, path in plan.measured.items()}
    bench = read_bench_folder(plan.train)
    judged = _read(network, bench, ranking_scores(bench, slices(bench), encoder, rules))
    unseen = cross_validate(network, judged, plan, report)
    weight = best_weight(unseen, judged) if unseen else WEIGHTS[2]
    figures: dict[str, Any] = {"weight": weight}
    if unseen:
        figures["train, unseen needs"] = measure_mix(unseen, judged, weight)
        report(f"train, unseen needs: {figures['train, unseen needs']}")
    tensors = train_adapter(network, judged, [*judged.scores], plan.settings, report)
    for name, folder in folders.items():
        everything = dict.fromkeys((need.id for need in folder.needs), _ids(folder))
        other = _read(network, folder, ranking_scores(folder, everything, encoder, rules))
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


def slices(bench: BenchFolder) -> dict[str, tuple[str, ...]]:
    """Return the candidates of each need in a set that was judged in slices.

    A slice is what judgements connect, directly or through others: pairs of different slices were
    never looked at, and their absence says nothing.

    Returns:
        Need id → offering ids, for the needs that have judgements.
    """
    slice_of: dict[str, set[str]] = {}
    for grades in bench.judgements.values():
        joined = set(grades).union(*(slice_of.get(id, ()) for id in grades))
        slice_of.update(dict.fromkeys(joined, joined))
    return {
        need: tuple(sorted(slice_of[next(iter(grades))]))
        for need, grades in bench.judgements.items()
    }


def ranking_scores(
    bench: BenchFolder,
    candidates: Mapping[str, Sequence[str]],
    encoder: Encoder | None,
    rules: Rules,
) -> dict[str, dict[str, float]]:
    """Return what the ranking gives each candidate of each need, without any reading."""
    index = TwoSidedIndex(encoder, rules=rules)
    sides: tuple[tuple[Any, Sequence[Any]], ...] = (
        (index.needs, bench.needs),
        (index.offerings, bench.offerings),
    )
    for side, posts in sides:
        vectors = embed_posts(encoder, posts) if encoder else [None] * len(posts)
        side.upsert([index_post(post, own) for post, own in zip(posts, vectors, strict=True)])
    found = {}
    for need_id, ids in candidates.items():
        need = index.needs.get(need_id)
        if need is not None:
            places = index.offerings_for(need, top_k=_EVERYTHING, only=ids)
            found[need_id] = {place.id: place.score for place in places}
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


def _read(network: JointNetwork, bench: BenchFolder, scores: Scores) -> ReadTexts:
    needs = {need.id: pair_text(need) for need in bench.needs}
    offerings = {offering.id: pair_text(offering) for offering in bench.offerings}
    return read_texts(network, needs, offerings, scores, bench.judgements)


def _ids(bench: BenchFolder) -> tuple[str, ...]:
    return tuple(offering.id for offering in bench.offerings)
