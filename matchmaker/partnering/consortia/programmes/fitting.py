"""Compares a consortium with the support programmes of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchmaker.organizations.domain import CATEGORIES
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.domain import FILLING_STATES, ROLE_LABELS, roles_of
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.programmes import queries
from matchmaker.partnering.consortia.programmes.conditions import (
    Facts,
    Finding,
    Member,
    Share,
    Verdict,
    Words,
    findings,
    overall,
    shares,
    total,
)
from matchmaker.partnering.consortia.programmes.content import programme_of
from matchmaker.partnering.consortia.programmes.models import ProgrammeFigures, SupportProgramme
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

ORDER = {Verdict.MET: 0, Verdict.UNKNOWN: 1, Verdict.UNMET: 2}


@dataclass(frozen=True, slots=True)
class Fit:
    """A programme beside a consortium.

    Args:
        verdict: over all conditions.
        findings: each condition with its reason.
        shares: estimate for each partner; empty when the programme names no rate.
        total: sum of the estimates in yen, None when there is none.
    """

    programme: SupportProgramme
    verdict: Verdict
    findings: tuple[Finding, ...]
    shares: tuple[Share, ...]
    total: int | None

    def count(self, verdict: Verdict) -> int:
        """How many conditions have this verdict (templates name it by its word)."""
        return sum(1 for each in self.findings if each.verdict == verdict)


def words() -> Words:
    """Japanese words by code, the materials from the database."""
    return Words(
        categories={each.code: each.label for each in CATEGORIES},
        materials={each.code: each.label for each in DatabaseVocabularies().choices("materials")},
        methods={each.code: each.label for each in CIRCULATION_METHODS},
        roles={role.value: label for role, label in ROLE_LABELS.items()},
    )


def filling(consortium: Consortium) -> list[ConsortiumPartner]:
    """Partners that take part or were named from outside, as they are loaded with it."""
    return [each for each in consortium.partners if each.state in FILLING_STATES]


def facts_of(consortium: Consortium) -> Facts:
    """What is known of a consortium (loaded with its partners and organisations)."""
    content, given = consortia.content_of(consortium), queries.figures_of(consortium.id)
    return Facts(
        members=tuple(_member(each) for each in filling(consortium)),
        materials=content.materials,
        methods=content.circulation_methods,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        figures=figures_in(given),
        costs={key: int(cost) for key, cost in (given.costs if given else {}).items()},
    )


def figures_in(given: ProgrammeFigures | None) -> dict[str, Decimal]:
    """The numbers that were given, by code."""
    return {code: Decimal(text) for code, text in (given.figures if given else {}).items()}


def _member(partner: ConsortiumPartner) -> Member:
    organization = partner.organization
    return Member(
        key=str(partner.id),
        name=partner.name,
        is_member=organization is not None and organization.is_active,
        category=organization.category if organization else "",
        size=organization.company_size if organization else "",
        roles=frozenset(role.value for role in roles_of(partner)),
    )


def fits_of(consortium: Consortium, today: date) -> Sequence[Fit]:
    """All listed programmes beside a consortium, those without unmet conditions first."""
    facts, labels = facts_of(consortium), words()
    found = [_fit(each, facts, labels, today) for each in queries.listed()]
    return sorted(found, key=lambda each: (ORDER[each.verdict], each.programme.name))


def _fit(row: SupportProgramme, facts: Facts, labels: Words, today: date) -> Fit:
    programme = programme_of(row.values)
    conditions = tuple(findings(programme, facts, labels, today))
    estimate = tuple(shares(programme, facts))
    return Fit(row, overall(conditions), conditions, estimate, total(estimate))
