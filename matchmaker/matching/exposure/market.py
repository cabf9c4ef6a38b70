"""From the ranking of all open needs to whom each could be shown, and what is known of these."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import func, select

from embeddings.facts import NeedFacts
from embeddings.ranking import Ranked
from matchmaker.core.db import db
from matchmaker.matching.domain import WORTH_SHOWING_FROM
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.exposure.domain import PLACES, Standing
from matchmaker.matching.exposure.pricing import NOBODY, Market
from matchmaker.matching.ledger.extensions import evidence_sources
from matchmaker.matching.models import RecommendationFeedback
from matchmaker.matching.topics import breaks_condition
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Organization
from matchmaker.posts.domain import LISTED_STATES

MOST_NEEDS = 5_000
CANDIDATES = 40
COLUMNS = 20
GOOD_ENOUGH = 0.5
"""Share of the probability in a need's last place that an organisation must reach to get there."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A market with what stands behind its numbers.

    Attributes:
        market: chances by need and organisation, of the needs with more organisations than places;
            where all of them have a place, showing one takes nothing from another.
        needs: how many needs were ranked.
        organizations: ids, in the order of the market's numbers.
        quantities: usual quantity of the needs for which each could be shown; None when unknown.
        chances: needs for which each is good enough.
    """

    market: Market
    needs: int
    organizations: Sequence[uuid.UUID]
    quantities: Sequence[float | None]
    chances: Sequence[int]


def field_of(engine: MatchingEngine) -> Field:
    """Rank all open needs and keep, for each, the organisations good enough to be shown."""
    index = engine.index()
    owners = _owners()
    rows: list[list[tuple[uuid.UUID, float]]] = []
    amounts: list[float | None] = []
    for need_id in sorted(index.needs.ids(), reverse=True)[:MOST_NEEDS]:
        need = index.needs.get(need_id)
        if need is None:
            continue
        found = index.offerings_for(need, top_k=CANDIDATES)
        rows.append(_good_enough(found, owners))
        amounts.append(_amount(need.facts))
    contested = [n for n, row in enumerate(rows) if len(row) > PLACES]
    return _field(len(rows), [rows[n] for n in contested], [amounts[n] for n in contested])


def _good_enough(
    found: Sequence[Ranked], owners: Mapping[str, uuid.UUID]
) -> list[tuple[uuid.UUID, float]]:
    """The best probability of each organisation, the best first; only what fits and is worth it."""
    best: dict[uuid.UUID, float] = {}
    for place in found:
        owner = owners.get(place.id)
        if owner is None or place.prospect is None or breaks_condition(place):
            continue
        if place.prospect.together >= WORTH_SHOWING_FROM:
            best[owner] = max(best.get(owner, 0.0), place.prospect.together)
    ordered = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:COLUMNS]
    if len(ordered) <= PLACES:
        return ordered
    least = GOOD_ENOUGH * ordered[PLACES - 1][1]
    return [pair for pair in ordered if pair[1] >= least]


def _field(
    needs: int,
    rows: Sequence[Sequence[tuple[uuid.UUID, float]]],
    amounts: Sequence[float | None],
) -> Field:
    organizations = sorted({owner for row in rows for owner, _ in row})
    number = {owner: n for n, owner in enumerate(organizations)}
    shape = len(rows), max((len(row) for row in rows), default=0)
    chances, owners = np.zeros(shape), np.full(shape, NOBODY, dtype=np.int64)
    seen: list[list[float]] = [[] for _ in organizations]
    counts = [0] * len(organizations)
    for line, (row, amount) in enumerate(zip(rows, amounts, strict=True)):
        for column, (owner, chance) in enumerate(row):
            chances[line, column], owners[line, column] = chance, number[owner]
            counts[number[owner]] += 1
            if amount:
                seen[number[owner]].append(amount)
    quantities = [median(each) if each else None for each in seen]
    market = Market(chances, owners, len(organizations))
    return Field(market, needs, organizations, quantities, counts)


def _amount(need: NeedFacts) -> float | None:
    return need.quantity_low if need.quantity_low is not None else need.quantity_high


def _owners() -> dict[str, uuid.UUID]:
    query = select(Offering.id, Offering.organization_id).where(Offering.state.in_(LISTED_STATES))
    return {str(row[0]): row[1] for row in db.session.execute(query)}


def standings() -> dict[uuid.UUID, Standing]:
    """What is known of every organisation with an open offering (a statement for each source)."""
    answers = _answers()
    query = (
        select(
            Organization.id,
            Organization.company_size,
            Organization.created_at,
            func.sum(Offering.free_capacity_tonnes_per_year),
        )
        .join(Offering, Offering.organization_id == Organization.id)
        .where(Offering.state.in_(LISTED_STATES))
        .group_by(Organization.id, Organization.company_size, Organization.created_at)
    )
    return {
        row[0]: Standing(row[1], row[2], _float(row[3]), *answers.get(row[0], (0, 0)))
        for row in db.session.execute(query)
    }


def _answers() -> dict[uuid.UUID, tuple[int, int]]:
    """The answering record of each organisation, for and against it: what others said of its
    offerings (useful, wrong), and whether it answered those who asked for it (yes, no)."""
    found: dict[uuid.UUID, tuple[int, int]] = {}
    for owner, is_good, number in (*_opinions(), *_answered()):
        good, bad = found.get(owner, (0, 0))
        found[owner] = (good + number, bad) if is_good else (good, bad + number)
    return found


def _opinions() -> Iterator[tuple[uuid.UUID, bool, int]]:
    query = (
        select(Offering.organization_id, RecommendationFeedback.verdict, func.count())
        .join(Offering, Offering.id == RecommendationFeedback.offering_id)
        .where(RecommendationFeedback.organization_id.is_distinct_from(Offering.organization_id))
        .group_by(Offering.organization_id, RecommendationFeedback.verdict)
    )
    for owner, verdict, number in db.session.execute(query):
        yield owner, verdict == "useful", number


def _answered() -> Iterator[tuple[uuid.UUID, bool, int]]:
    """From the ledger, where later features tell it of what they know."""
    sources = evidence_sources()
    telling = {code: source.answering for code, source in sources.items() if source.answering}
    for code, answering in telling.items():
        said = sources[code].rows().subquery()
        query = (
            select(said.c.organization_id, said.c.verdict, func.count())
            .join(Offering, Offering.id == said.c.offering_id)
            .where(
                said.c.organization_id == Offering.organization_id,
                said.c.verdict.in_(list(answering)),
            )
            .group_by(said.c.organization_id, said.c.verdict)
        )
        for owner, verdict, number in db.session.execute(query):
            yield owner, answering[verdict], number


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
