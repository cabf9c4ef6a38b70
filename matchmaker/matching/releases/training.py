"""A new version: fitted on ledger and judged sets, measured on what it did not learn from, kept.

Everything that is read is read first; fitting and measuring touch no database, so that no
transaction stays open for minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from embeddings.bench_folder import BenchFolder, read_bench_folder
from embeddings.learning.judged import JudgedSet, judged_set
from embeddings.learning.training import NothingToLearn
from embeddings.learning.training import train as fit
from embeddings.partnership import PartnershipModel
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.core.errors import ProductError
from matchmaker.matching.ledger import queries as ledger
from matchmaker.matching.live import serving_model
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import queries, service
from matchmaker.matching.releases.domain import (
    FROZEN_SETS,
    LEDGER_NEEDS_LEAST,
    LEDGER_SET,
    SHIPPED_NUMBER,
    TRAINING_SET,
    Objection,
    SetComparison,
    objections_to,
)
from matchmaker.matching.releases.evidence import ledger_sets, pairs_in
from matchmaker.matching.releases.measuring import compared, figures_of, measured
from matchmaker.matching.releases.vectors import VectorCache
from matchmaker.matching.releases.workshop import Report, Workshop, silent

NOTHING = "学ぶための判定が足りないため、新しい版を作れません。"
READ_LEDGER, ENCODE, FIT, MEASURE = (
    "判定の記録を読んでいます",
    "文章を読んでいます",
    "並び方を計算しています",
    "確かめています",
)
STEPS = 3 + len(FROZEN_SETS) + 1


@dataclass(frozen=True, slots=True)
class Grounds:
    """All judged sets of one run.

    Attributes:
        learning: what is learnt from.
        frozen: what is measured on, by name, in the parts they were read in.
        live: the version in use, and its number.
    """

    learning: Sequence[JudgedSet]
    frozen: Mapping[str, Sequence[JudgedSet]]
    live: PartnershipModel
    live_number: int


def train_version(
    workshop: Workshop, actor: Actor, now: datetime, report: Report = silent
) -> RankingVersion:
    """Fit, measure and store a version. The caller commits.

    Raises:
        ProductError: there is nothing to learn from.
        BadBenchFolder: a judged set cannot be read.
    """
    grounds = _grounds(workshop, report)
    report(2, STEPS, FIT)
    model = _fitted(grounds, workshop)
    figures = _figures(model, grounds, workshop, report)
    trained_on = {each.name: pairs_in([each]) for each in grounds.learning}
    return service.store_version(model.to_json(), figures, _by_origin(trained_on), actor, now)


def check_version(
    version: RankingVersion,
    workshop: Workshop,
    actor: Actor,
    now: datetime,
    report: Report = silent,
) -> None:
    """Measure a stored version beside the one that is live now. The caller commits."""
    number, model = version.number, queries.model_of(version)
    grounds = _grounds(workshop, report)
    figures = _figures(model, grounds, workshop, report)
    service.store_check(queries.version_with(number), figures, actor, now)


def measure_shipped(workshop: Workshop, report: Report = silent) -> dict[str, Any]:
    """Figures of the shipped parameters on the frozen sets; nothing is stored."""
    shipped = PartnershipModel.shipped()
    found = {}
    for done, name in enumerate(FROZEN_SETS):
        report(done, len(FROZEN_SETS), MEASURE)
        judged = _shipped_set(name, workshop, report)
        found[name] = measured(name, shipped, [judged], workshop.rules).figures()
    return figures_of(SHIPPED_NUMBER, found, ())


def new_entries(since: datetime) -> int:
    """How many things that teach something were said since then."""
    return sum(entry.grade is not None for entry in ledger.entries(since=since))


def _grounds(workshop: Workshop, report: Report) -> Grounds:
    report(0, STEPS, READ_LEDGER)
    with reading_only():
        serving, number = serving_model().model, queries.live_number()
        learning, held_out = ledger_sets(workshop)
        db.session.rollback()
    report(1, STEPS, ENCODE)
    frozen = {name: [_shipped_set(name, workshop, report)] for name in FROZEN_SETS}
    if sum(len(each.needs) for each in held_out) >= LEDGER_NEEDS_LEAST:
        frozen[LEDGER_SET] = held_out
    shipped = _shipped_set(TRAINING_SET, workshop, report)
    return Grounds([shipped, *learning], frozen, serving, number)


def _shipped_set(name: str, workshop: Workshop, report: Report) -> JudgedSet:
    """A judged set of the product with vectors, from the cache where they fit."""
    folder: BenchFolder = read_bench_folder(workshop.judged / name)
    posts = [*folder.needs, *folder.offerings]
    cache = VectorCache(workshop.cache, workshop.encoder)
    vectors = cache.vectors(
        name, posts, lambda done, total: report(1, STEPS, f"{ENCODE}（{done}／{total}）")
    )
    split = len(folder.needs)
    thesaurus = workshop.rules.thesaurus
    return judged_set(name, folder, thesaurus, (vectors[:split], vectors[split:]))


def _fitted(grounds: Grounds, workshop: Workshop) -> PartnershipModel:
    counted = [each for parts in grounds.frozen.values() for each in parts]
    try:
        return fit(
            grounds.learning, workshop.rules.geography, workshop.rules.thesaurus,
            encoder=workshop.encoder.model_id, counted=counted,
        )  # fmt: skip
    except NothingToLearn as error:
        raise ProductError(NOTHING) from error


def _figures(
    model: PartnershipModel, grounds: Grounds, workshop: Workshop, report: Report
) -> dict[str, Any]:
    comparisons: list[SetComparison] = []
    sets: dict[str, Any] = {}
    for done, (name, parts) in enumerate(grounds.frozen.items(), 3):
        report(done, STEPS, MEASURE)
        own = measured(name, model, parts, workshop.rules)
        live = measured(name, grounds.live, parts, workshop.rules)
        comparison, sets[name] = compared(own, live)
        comparisons.append(comparison)
    objections: tuple[Objection, ...] = objections_to(comparisons)
    return figures_of(grounds.live_number, sets, objections)


def _by_origin(trained_on: Mapping[str, int]) -> dict[str, int]:
    """Numbers of pairs, the parts of the ledger added up."""
    found: dict[str, int] = {}
    for name, pairs in trained_on.items():
        origin = LEDGER_SET if name.startswith(LEDGER_SET) else name
        found[origin] = found.get(origin, 0) + pairs
    return found
