"""Who may open the pages of proposals.

The proposals of this table are led by the organisation of reader, editor and representative; the
representative leads them, the editor writes with them. The stranger belongs to another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, OrganizationRole
from matchmaker.core.db import db, new_id
from matchmaker.core.uploads import ATTACHMENT, check_upload
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.proposals import authorship, coordination, queries, service
from matchmaker.working_groups.proposals.domain import Origin, ProposalText
from matchmaker.working_groups.proposals.models import Proposal
from tests.architecture.access_rules import (
    EDITOR,
    OWNERS,
    REPRESENTATIVE,
    SECRETARIAT,
    STRANGER,
    WRITERS,
    Row,
    Things,
    get,
    hidden_except,
    only,
    post,
    signed_in,
)

AUTHORS = WRITERS
SEEING = (*OWNERS, SECRETARIAT)
RUNNING = (*WRITERS, SECRETARIAT)
QUESTIONS: list[dict[str, Any]] = [
    {"id": "plan", "kind": "text", "label": "取組の内容", "required": True},
    {"id": "papers", "kind": "file", "label": "資料"},
]
DRAFT: dict[str, Any] = {"proposal_id": "draft_proposal_id"}
HANDED_IN: dict[str, Any] = {"proposal_id": "submitted_proposal_id"}
CALL: dict[str, Any] = {"call_id": "proposals_call_id"}


def lists() -> Iterator[Row]:
    """Lists, beginning, and the secretariat's pages of a call."""
    yield get("proposals.mine", signed_in())
    yield get("proposals.index", signed_in(), **CALL)
    yield get("proposals.spreadsheet", hidden_except(SECRETARIAT), **CALL)
    yield get("proposals.choose", only(*WRITERS, STRANGER))
    yield get("proposals.new", only(*WRITERS, STRANGER), **CALL)
    # The stranger has one organisation, for which nothing needs to be chosen.
    beginning = {**only(*WRITERS, status=422), STRANGER: 302}
    yield post("proposals.create", beginning, {"organization_id": "nothing"}, **CALL)
    yield get("proposals.similar", hidden_except(SECRETARIAT), **CALL)
    yield post("proposals.bring_together", hidden_except(SECRETARIAT, status=422), **CALL)


def reading() -> Iterator[Row]:
    """The page of a proposal and what is read below it."""
    yield get("proposals.show", hidden_except(*SEEING), **DRAFT)
    yield get("proposals.show", hidden_except(*SEEING), **HANDED_IN)
    file: dict[str, Any] = {"file_id": "proposal_file_id"}
    yield get("proposals.file", hidden_except(*OWNERS), **DRAFT, **file)
    yield get("proposals.versions", hidden_except(*OWNERS), **DRAFT)
    yield post("proposals.restore", hidden_except(*AUTHORS, status=302), **DRAFT, number=1)


def writing() -> Iterator[Row]:
    """The writing page and the steps of the authors."""
    yield get("proposals.edit", hidden_except(*AUTHORS), **DRAFT)
    sent = {"title": "竹", "revision": "2"}
    yield post("proposals.update", hidden_except(*AUTHORS, status=302), sent, **DRAFT)
    yield post("proposals.autosave", hidden_except(*AUTHORS), sent, **DRAFT)
    yield post("proposals.presence", hidden_except(*AUTHORS), **DRAFT)
    yield get("proposals.submission", hidden_except(*AUTHORS), **DRAFT)
    yield post("proposals.submit", hidden_except(*AUTHORS, status=302), **DRAFT)
    yield post("proposals.withdraw", hidden_except(*RUNNING, status=422), **DRAFT)
    yield post("proposals.revise", hidden_except(*AUTHORS, status=302), **HANDED_IN)
    yield get("proposals.extension", hidden_except(SECRETARIAT), **DRAFT)
    yield post("proposals.extend", hidden_except(SECRETARIAT, status=422), **DRAFT)


def people() -> Iterator[Row]:
    """Inviting, leaving, handing over."""
    yield get("proposals.authors", hidden_except(*RUNNING), **DRAFT)
    yield post("proposals.invite", hidden_except(*RUNNING, status=422), **DRAFT)
    yield post("proposals.answer_invitation", hidden_except(*AUTHORS, status=409), **DRAFT)
    editor: dict[str, Any] = {"user_id": f"{EDITOR}_id"}
    yield post("proposals.remove_author", hidden_except(*RUNNING, status=302), **DRAFT, **editor)
    yield post("proposals.offer_lead", hidden_except(*RUNNING, status=422), **DRAFT)
    yield post("proposals.answer_lead", hidden_except(*AUTHORS, status=409), **DRAFT)


def bringing_together() -> Iterator[Row]:
    """推進体制の調整 of the handed-in proposal and another one of the same authors."""
    yield get("proposals.coordination", hidden_except(*AUTHORS, SECRETARIAT))
    lead = hidden_except(REPRESENTATIVE, status=422)
    yield post("proposals.answer_coordination", lead, **HANDED_IN)
    yield post("proposals.merge", hidden_except(SECRETARIAT, status=409))
    yield post("proposals.end_coordination", hidden_except(SECRETARIAT, status=422))
    yield post("proposals.undo_merge", hidden_except(SECRETARIAT, status=422), **HANDED_IN)


ROWS: tuple[Row, ...] = (*lists(), *reading(), *writing(), *people(), *bringing_together())


def add_things(world: Things) -> None:
    """A call, a draft with a file, and two proposals that are brought together."""
    now = clock.now()
    call = Call(
        id=new_id(), kind=CallKind.SUB_WG, title="提案の公募", categories=[], timetable=[],
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9), questions=QUESTIONS,
        state=CallState.PUBLISHED, published_at=now, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(call)
    db.session.flush()
    call = get_call(call.id)
    lead = _actor(world, REPRESENTATIVE)
    draft, *handed_in = (_written(world, call, lead) for _ in range(3))
    for each in handed_in:
        service.submit(each, lead, now)
    asked = coordination.bring_together(call, handed_in, "いっしょにどうですか。", SYSTEM, now)
    world.ids.update(
        proposals_call_id=call.id, draft_proposal_id=draft.id,
        submitted_proposal_id=handed_in[0].id, coordination_id=asked.id,
        proposal_file_id=draft.answers["papers"][0],
    )  # fmt: skip


def _actor(world: Things, name: str) -> Actor:
    role = OrganizationRole(name)
    return Actor(world.ids[f"{name}_id"], name, {world.ids["organization_id"]: role})


def _written(world: Things, call: Call, lead: Actor) -> Proposal:
    """A proposal of representative and editor, with a text and a file."""
    now, organization_id = clock.now(), world.ids["organization_id"]
    made = service.create_proposal(call, organization_id, "竹", Origin(), lead, now)
    proposal = queries.get_proposal(made.id)
    authorship.invite(proposal, organization_id, f"{EDITOR}@example.com", lead, now)
    proposal = queries.get_proposal(made.id)
    authorship.answer(proposal, True, _actor(world, EDITOR), now)
    paper = check_upload("計画.txt", "計画".encode(), ATTACHMENT)
    text = ProposalText("竹", {"plan": "竹を炭にします。"})
    service.save(proposal, text, 1, lead, now, arriving={"papers": [paper]})
    return proposal
