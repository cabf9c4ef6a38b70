"""The ledger as a list: narrowed, paged, taken along; who said something is never named in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.paging import PAGE_SIZE, Page
from matchmaker.matching.ledger import policy
from matchmaker.matching.ledger.domain import REGIONS, LedgerEntry, LedgerFilter
from matchmaker.matching.ledger.extensions import EvidenceSource, evidence_sources
from matchmaker.matching.ledger.models import Judgement
from matchmaker.matching.ledger.queries import MOST_EXPORTED, as_entries, everything
from matchmaker.needs.models import Need, NeedTag
from matchmaker.offerings.models import Offering, OfferingTag
from matchmaker.posts.policy import STATES_SEEN_BY_ALL

NO_LONGER_SHOWN = "（いまは公開されていません）"


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One line of the list.

    Attributes:
        entry: what was said.
        is_own: whether the reader said it.
        need_title, offering_title: titles, or that the post is not open any more.
        may_open: whether the reader may open both posts.
        prefecture: of the need.
    """

    entry: LedgerEntry
    is_own: bool
    need_title: str
    offering_title: str
    may_open: bool
    prefecture: str

    @property
    def source(self) -> EvidenceSource:
        """Where it comes from, with the words of its verdicts."""
        return evidence_sources()[self.entry.source]

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return self.source.verdicts.get(self.entry.verdict, self.entry.verdict)

    @property
    def reason(self) -> str:
        """The reason in words, empty without one."""
        return self.source.reasons.get(self.entry.reason, self.entry.reason)

    @property
    def who(self) -> str:
        """Who said it, as far as the list tells."""
        if self.is_own:
            return "自分"
        return "会員" if self.entry.organization_id else "ほかの判定者"


def ledger_page(wanted: LedgerFilter, actor: Actor, number: int) -> Page[ListedEntry]:
    """One page of the ledger, newest first, as the person may read it."""
    query = _narrowed(wanted, actor)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    rows = _read(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE), actor)
    return Page(rows, number, PAGE_SIZE, total)


def ledger_export(wanted: LedgerFilter, actor: Actor) -> Sequence[ListedEntry]:
    """What the list shows, newest first, at most 10,000 entries."""
    return _read(_narrowed(wanted, actor).limit(MOST_EXPORTED), actor)


def _read(query: Select[Any], actor: Actor) -> list[ListedEntry]:
    rows = db.session.execute(query).all()
    pairs = zip(as_entries(rows), rows, strict=True)
    return [_listed(entry, row, actor) for entry, row in pairs]


def _listed(entry: LedgerEntry, row: Any, actor: Actor) -> ListedEntry:
    shown = [
        actor.is_secretariat or state in STATES_SEEN_BY_ALL
        for state in (row.need_state, row.offering_state)
    ]
    return ListedEntry(
        entry=entry,
        is_own=row.person_id is not None and row.person_id == actor.user_id,
        need_title=row.need_title if shown[0] else NO_LONGER_SHOWN,
        offering_title=row.offering_title if shown[1] else NO_LONGER_SHOWN,
        may_open=all(shown),
        prefecture=row.prefecture or "",
    )


def _narrowed(wanted: LedgerFilter, actor: Actor) -> Select[Any]:
    said, own = everything(), list(actor.roles)
    query = (
        select(
            said,
            Need.title.label("need_title"),
            Need.state.label("need_state"),
            Need.prefecture.label("prefecture"),
            Offering.title.label("offering_title"),
            Offering.state.label("offering_state"),
        )
        .join(Need, Need.id == said.c.need_id)
        .join(Offering, Offering.id == said.c.offering_id)
        # Nobody reads here what was said of their own organisation's pairs.
        .where(Need.organization_id.not_in(own), Offering.organization_id.not_in(own))
        .order_by(said.c.at.desc(), said.c.record_id.desc())
    )
    if wanted.source:
        query = query.where(said.c.source == wanted.source)
    if wanted.region:
        query = query.where(Need.prefecture.in_(REGIONS[wanted.region]))
    if wanted.material:
        query = query.where(_has_material(wanted.material))
    if wanted.split:
        query = query.where(_is_split(said))
    return _by_person(query, said, wanted, actor)


def _by_person(query: Select[Any], said: Any, wanted: LedgerFilter, actor: Actor) -> Select[Any]:
    if wanted.who == "mine" or not policy.can_read_all_entries(actor):
        return query.where(said.c.person_id == actor.user_id)
    if wanted.who == "others":
        return query.where(or_(said.c.person_id.is_(None), said.c.person_id != actor.user_id))
    return query


def _has_material(code: str) -> Any:
    in_need = (
        select(NeedTag.post_id)
        .where(NeedTag.post_id == Need.id, NeedTag.facet == "materials", NeedTag.code == code)
        .exists()
    )
    in_offering = (
        select(OfferingTag.post_id)
        .where(
            OfferingTag.post_id == Offering.id,
            OfferingTag.facet == "input_materials",
            OfferingTag.code == code,
        )
        .exists()
    )
    return or_(in_need, in_offering)


def split_pairs() -> Select[Any]:
    """Pairs of which judges say different things, as ids of need and offering."""
    return (
        select(Judgement.need_id, Judgement.offering_id)
        .where(Judgement.is_taken_back.is_(False))
        .group_by(Judgement.need_id, Judgement.offering_id)
        .having(func.count(func.distinct(Judgement.fit)) > 1)
    )


def _is_split(said: Any) -> Any:
    split = split_pairs().subquery("split")
    same = and_(split.c.need_id == said.c.need_id, split.c.offering_id == said.c.offering_id)
    return select(split.c.need_id).where(same).exists()
