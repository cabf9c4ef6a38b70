"""Commands of 推進体制の調整: authors of overlapping proposals are brought together and merged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.storage import StoredFile
from matchmaker.questions.domain import QuestionKind, Questionnaire
from matchmaker.questions.files import files_of
from matchmaker.questions.models import AnswerFile
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals import queries
from matchmaker.working_groups.proposals.domain import (
    PROPOSAL_STATES,
    TITLE_LENGTH,
    AuthorRole,
    CoordinationAnswer,
    CoordinationState,
    OriginKind,
    ProposalMove,
    ProposalState,
)
from matchmaker.working_groups.proposals.events import (
    AuthorsBroughtTogether,
    CoordinationAnswered,
    CoordinationEnded,
    ProposalMoved,
)
from matchmaker.working_groups.proposals.models import (
    Coordination,
    CoordinationPart,
    Proposal,
    ProposalAuthor,
    ProposalRevision,
)
from matchmaker.working_groups.proposals.service import SUBJECT_KIND, files_subject

LEAST, MOST = 2, 6
JOINABLE = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED})


def bring_together(
    call: Call, proposals: Sequence[Proposal], message: str, actor: Actor, now: datetime
) -> Coordination:
    """Ask the leads of some proposals to the same call whether they join.

    Raises:
        ProductError: too few or too many, the message is missing, or one cannot take part.
    """
    if not message.strip():
        raise ProductError("代表の方への案内を書いてください。", "message")
    if not LEAST <= len(proposals) <= MOST:
        raise ProductError(f"{LEAST}件から{MOST}件までの提案を選んでください。", "proposal_ids")
    if any(each.state not in JOINABLE or each.call_id != call.id for each in proposals):
        raise ProductError("提出済みの提案だけを選んでください。", "proposal_ids")
    if queries.open_coordination_with([each.id for each in proposals]):
        raise Conflict("選んだ提案のなかに、すでに調整中のものがあります。")
    coordination = Coordination(
        id=new_id(), call_id=call.id, state=CoordinationState.PROPOSED, message=message.strip(),
        created_by_id=actor.user_id, created_at=now,
    )  # fmt: skip
    db.session.add(coordination)
    db.session.add_all(
        CoordinationPart(
            coordination_id=coordination.id, proposal_id=each.id, answer=CoordinationAnswer.ASKED
        )
        for each in proposals
    )
    db.session.flush()
    record(
        AuthorsBroughtTogether(
            actor=actor, now=now, subject_id=coordination.id,
            details={"proposals": [str(each.id) for each in proposals]},
        )
    )  # fmt: skip
    return coordination


def answer(
    coordination: Coordination,
    proposal_id: uuid.UUID,
    willing: bool,
    comment: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Say for one proposal whether its lead is willing; it may be said anew until the end.

    Raises:
        Conflict: the coordination is over.
    """
    _check_going_on(coordination)
    part = next(each for each in coordination.parts if each.proposal_id == proposal_id)
    part.answer = CoordinationAnswer.WILLING if willing else CoordinationAnswer.UNWILLING
    part.comment, part.answered_at = comment.strip(), now
    db.session.flush()
    record(
        CoordinationAnswered(
            actor=actor, now=now, subject_id=coordination.id,
            organization_id=part.proposal.lead_organization_id,
            details={"proposal": str(proposal_id), "answer": part.answer.value},
        )
    )  # fmt: skip


def end(coordination: Coordination, reason: str, actor: Actor, now: datetime) -> None:
    """Give a coordination up, with the reason."""
    _check_going_on(coordination)
    if not reason.strip():
        raise ProductError("理由を入れてください。", "reason")
    coordination.state, coordination.state_reason = CoordinationState.ENDED, reason.strip()
    coordination.ended_at = now
    db.session.flush()
    _record_end(coordination, reason, actor, now)


def merge(
    coordination: Coordination, lead_proposal_id: uuid.UUID, title: str, actor: Actor,
    now: datetime,
) -> Proposal:  # fmt: skip
    """Join the proposals into a new one with every author of all and every text.

    The lead of ``lead_proposal_id`` leads the new one; it is written on as a draft until the
    authors hand it in. The sources stay readable as they were.

    Raises:
        Conflict: not all leads are willing, or a proposal changed its state meanwhile.
    """
    _check_going_on(coordination)
    if any(part.answer is not CoordinationAnswer.WILLING for part in coordination.parts):
        raise Conflict("代表の全員が「いっしょに進めたい」と答えてから、まとめてください。")
    sources = sorted((p.proposal for p in coordination.parts), key=lambda each: each.number or 0)
    lead = next((each for each in sources if each.id == lead_proposal_id), None)
    if lead is None:
        raise ProductError("代表を続ける提案を選んでください。", "lead_proposal_id")
    reason = "推進体制の調整による統合"
    states = [PROPOSAL_STATES.check(each.state, ProposalMove.MERGE, reason) for each in sources]
    merged = _joined_proposal(coordination, sources, lead, title, actor, now)
    for source, state in zip(sources, states, strict=True):
        source.merged_into_id = merged.id
        _moved(source, ProposalMove.MERGE, state, reason, actor, now)
    coordination.state, coordination.merged_id = CoordinationState.MERGED, merged.id
    coordination.ended_at = now
    db.session.flush()
    _record_end(coordination, reason, actor, now)
    return merged


def undo_merge(
    merged: Proposal, sources: Sequence[Proposal], reason: str, actor: Actor, now: datetime
) -> None:
    """Take a merge back: the sources live again as they were handed in, the joined one ends.

    Raises:
        IllegalMove: the joined proposal is decided.
        ProductError: the reason is missing.
    """
    state = PROPOSAL_STATES.check(merged.state, ProposalMove.WITHDRAW, reason)
    for source in sources:
        after = PROPOSAL_STATES.check(source.state, ProposalMove.UNMERGE, reason)
        source.merged_into_id = None
        _moved(source, ProposalMove.UNMERGE, after, reason, actor, now)
    _moved(merged, ProposalMove.WITHDRAW, state, reason, actor, now)


def _joined_proposal(
    coordination: Coordination,
    sources: Sequence[Proposal],
    lead: Proposal,
    title: str,
    actor: Actor,
    now: datetime,
) -> Proposal:
    call = db.session.get_one(Call, coordination.call_id)
    questionnaire = Questionnaire.from_data(call.questions)
    merged = Proposal(
        id=new_id(), call_id=call.id, title=(title.strip() or lead.title)[:TITLE_LENGTH],
        lead_organization_id=lead.lead_organization_id,
        answers=joined_answers(questionnaire, sources),
        state=ProposalState.DRAFT, origin_kind=OriginKind.MERGE,
        need_id=lead.need_id, offering_id=lead.offering_id,
        origin_facts={"sources": [_source_facts(each) for each in sources]},
        extended_until=max(filter(None, (s.extended_until for s in sources)), default=None),
        mend_until=max(filter(None, (s.mend_until for s in sources)), default=None),
        created_by_id=actor.user_id, created_at=now, updated_at=now, revision=1,
    )  # fmt: skip
    db.session.add(merged)
    db.session.flush()
    merged.answers = {**merged.answers, **_copy_files(merged, sources, questionnaire, now)}
    db.session.add_all(_all_authors(merged.id, sources, lead, now))
    db.session.add(
        ProposalRevision(
            proposal_id=merged.id, number=1, title=merged.title, answers=dict(merged.answers),
            note="統合した提案の文を並べた", actor_id=actor.user_id, actor_name=actor.name, at=now,
        )
    )  # fmt: skip
    db.session.flush()
    return merged


def _source_facts(source: Proposal) -> dict[str, Any]:
    return {
        "id": str(source.id),
        "number": source.number,
        "title": source.title,
        "organization": source.lead_organization.name,
        "facts": source.origin_facts,
    }


def _all_authors(
    merged_id: uuid.UUID, sources: Sequence[Proposal], lead: Proposal, now: datetime
) -> list[ProposalAuthor]:
    """Every author of all, each once; the lead of ``lead`` leads."""
    rows: dict[uuid.UUID, ProposalAuthor] = {}
    for source in [lead, *(each for each in sources if each is not lead)]:
        for author in source.authors:
            if author.left_at is not None or author.user_id in rows:
                continue
            leads = source is lead and author.role is AuthorRole.LEAD
            rows[author.user_id] = ProposalAuthor(
                proposal_id=merged_id, user_id=author.user_id,
                organization_id=author.organization_id, invited_at=now,
                accepted_at=author.accepted_at and now,
                role=AuthorRole.LEAD if leads else AuthorRole.CO_AUTHOR,
            )  # fmt: skip
    return list(rows.values())


def joined_answers(questionnaire: Questionnaire, sources: Sequence[Proposal]) -> dict[str, Any]:
    """The answers of all sources: texts under the name of each, rows and files one after another.

    Other answers are those of the first source that has one.
    """
    joined: dict[str, Any] = {}
    for question in questionnaire.questions:
        given = [
            (each, each.answers[question.id]) for each in sources if question.id in each.answers
        ]
        if not given:
            continue
        values = [value for _source, value in given]
        if question.kind is QuestionKind.TEXT and len(set(values)) > 1:
            joined[question.id] = "\n\n".join(f"{_heading(s)}\n{value}" for s, value in given)
        elif question.kind is QuestionKind.TABLE:
            joined[question.id] = [row for rows in values for row in rows]
        elif question.kind is QuestionKind.FILE:
            continue  # copied with their records, see _copy_files
        else:
            joined[question.id] = values[0]
    return joined


def _heading(source: Proposal) -> str:
    return f"【{source.lead_organization.name}「{source.title}」より】"


def _copy_files(
    merged: Proposal, sources: Sequence[Proposal], questionnaire: Questionnaire, now: datetime
) -> dict[str, list[str]]:
    """Records of the sources' files for the joined proposal, as many as each question takes."""
    copied: dict[str, list[str]] = {}
    for question in questionnaire.questions:
        if question.kind is not QuestionKind.FILE:
            continue
        own = [
            file
            for source in sources
            for file in files_of(files_subject(source.id))
            if file.question_id == question.id
        ]
        for place, file in enumerate(own[: question.most_files], start=1):
            copy = _copy_of(file, merged.id, place, now)
            copied.setdefault(question.id, []).append(str(copy.id))
    return copied


def _copy_of(file: AnswerFile, proposal_id: uuid.UUID, place: int, now: datetime) -> AnswerFile:
    """Another record of the same content; the bytes are shared."""
    old = file.file
    stored = StoredFile(
        id=new_id(), sha256=old.sha256, size=old.size, media_type=old.media_type, name=old.name,
        is_picture=old.is_picture, created_at=now, created_by_id=old.created_by_id,
    )  # fmt: skip
    copy = AnswerFile(
        id=new_id(), subject_kind=SUBJECT_KIND, subject_id=proposal_id, position=place,
        question_id=file.question_id, file_id=stored.id, created_at=now,
        created_by_id=file.created_by_id,
    )  # fmt: skip
    db.session.add(stored)
    db.session.flush()
    db.session.add(copy)
    return copy


def _moved(
    proposal: Proposal,
    move: ProposalMove,
    state: ProposalState,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    before = proposal.state
    proposal.state, proposal.state_reason, proposal.updated_at = state, reason.strip(), now
    db.session.flush()
    record(
        ProposalMoved(
            actor=actor, now=now, subject_id=proposal.id, reason=reason.strip(), move=move,
            organization_id=proposal.lead_organization_id,
            details={"move": move.value, "before": before.value, "after": state.value},
        )
    )  # fmt: skip


def _record_end(coordination: Coordination, reason: str, actor: Actor, now: datetime) -> None:
    record(
        CoordinationEnded(
            actor=actor, now=now, subject_id=coordination.id, reason=reason.strip(),
            details={"state": coordination.state.value},
        )
    )  # fmt: skip


def _check_going_on(coordination: Coordination) -> None:
    if coordination.state is not CoordinationState.PROPOSED:
        raise Conflict("この調整は、すでに終わっています。")
