"""From an ended pilot to the draft of a documented case, filled from all that came before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.cases.drafts.domain import DraftContent
from matchmaker.cases.drafts.models import CaseDraft
from matchmaker.cases.drafts.service import begin_draft
from matchmaker.core.actor import Actor
from matchmaker.core.clock import fiscal_year
from matchmaker.core.db import db
from matchmaker.core.formatting import format_date
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.domain import PartnerRole
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.pilots import queries
from matchmaker.partnering.pilots.domain import END_REASON_LABELS, FORMAT_LABELS, OUTCOME_LABELS
from matchmaker.partnering.pilots.figures import IndicatorView, indicator_views
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.posts.vocabularies import material_names

BETWEEN = "、"


def begin_case(pilot: Pilot, actor: Actor, now: datetime, public_url: str) -> CaseDraft:
    """The draft of the case of a pilot: made once, given back when it is there.

    Args:
        pilot: an ended pilot.
        public_url: address of the service, for the source: the public page of the pilot.
    """
    pilot = queries.get_whole(pilot.id)
    if pilot.case_draft is not None:
        return pilot.case_draft
    consortium = consortia.get(pilot.consortium_id)
    source = f"{public_url}/public-pilots/{pilot.id}" if pilot.is_public else ""
    draft = begin_draft(prefilled(pilot, consortium, source), actor, now)
    pilot.case_draft_id = draft.id
    db.session.flush()
    return draft


def prefilled(pilot: Pilot, consortium: Consortium, source_url: str) -> DraftContent:
    """What is known: the need, who answered it and how, the figures, what was learnt.

    Args:
        pilot: whole.
        consortium: with its partners and the posts behind.
    """
    content, views = consortia.content_of(consortium), indicator_views(pilot)
    need, offering = consortium.need, consortium.offering
    partners = queries.partners_of(consortium.id)
    names = material_names()
    return DraftContent(
        title=pilot.title,
        municipality_code=pilot.municipality_code,
        need=need.problem if need is not None else content.aim,
        business=BETWEEN.join(each.name for each in _businesses(partners)),
        offering=offering.description if offering is not None else pilot.summary,
        source_url=source_url,
        theme=BETWEEN.join(names[code] for code in content.materials[:2] if code in names),
        material_note=BETWEEN.join(names[c] for c in content.materials if c in names),
        quantity=BETWEEN.join(_figure(view) for view in views if view.total is not None),
        year=fiscal_year(pilot.starts_on),
        note=_note(pilot, partners),
        materials=content.materials,
        methods=content.circulation_methods,
    )


def _businesses(partners: Sequence[ConsortiumPartner]) -> list[ConsortiumPartner]:
    return [each for each in partners if PartnerRole.MUNICIPALITY.value not in each.roles]


def _figure(view: IndicatorView) -> str:
    estimate = "（推計を含む）" if view.has_estimate else ""
    return f"{view.name} {view.total_text}{view.unit}{estimate}"


def _note(pilot: Pilot, partners: Sequence[ConsortiumPartner]) -> str:
    outcome = OUTCOME_LABELS[pilot.outcome] if pilot.outcome else ""
    if pilot.end_reason:
        outcome = f"{outcome}（{END_REASON_LABELS[pilot.end_reason]}）"
    parts = [
        f"期間：{format_date(pilot.starts_on)}から{format_date(pilot.ends_on)}まで",
        f"実証の形：{FORMAT_LABELS[pilot.format]}",
        f"参加した団体：{BETWEEN.join(each.name for each in partners)}",
        f"これから：{outcome}。{pilot.outcome_words}",
        f"分かったこと：{pilot.lessons}",
    ]
    return "\n".join(parts)
