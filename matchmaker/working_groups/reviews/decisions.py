"""Commands on decisions: prepare, check, release together, correct. The caller commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotAllowed, ProductError
from matchmaker.working_groups.calls.domain import CallMove, CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.steps import move_call, write_outcome
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.service import apply_decision
from matchmaker.working_groups.reviews import decision_queries as queries
from matchmaker.working_groups.reviews.adoption import (
    close_grown_group,
    open_group,
    refuse_taken_name,
)
from matchmaker.working_groups.reviews.decision_data import (
    DecisionData,
    InvalidDecision,
    normalized,
    problems_of,
)
from matchmaker.working_groups.reviews.domain import (
    ADOPTING,
    DECISION_STATES,
    OUTCOME_MOVES,
    REASON_LENGTH,
    DecisionMove,
    DecisionState,
    Outcome,
)
from matchmaker.working_groups.reviews.events import (
    DecisionChecked,
    DecisionCorrected,
    DecisionPrepared,
    DecisionReleased,
    DecisionsReleased,
)
from matchmaker.working_groups.reviews.models import Decision, DecisionCorrection
from matchmaker.working_groups.reviews.outcomes import Blocker, blockers_of, outcome_text
from matchmaker.working_groups.reviews.service import checked_text

CHANGED_ELSEWHERE = (
    "ほかの人が、この決定を先に変えました。入力した内容は残っています。"
    "いま保存されている内容と見くらべてから、もう一度保存してください。"
)
NOT_WAITING = "この提案は、いま決定を待っていません。ページを開き直してください。"
GROUP_FIELDS = frozenset({"group_name", "group_starts_on", "group_ends_on", "planned_meetings"})
RESUBMITTED = "再提出されたため、あらためて決定します。"


class NotReady(Conflict):
    """Decisions cannot be released yet; ``blockers`` tells what is missing."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__("まだ通知できません。足りないものを確かめてください。")
        self.blockers = blockers


@dataclass(frozen=True, slots=True)
class Released:
    """What a release did: how many decisions became valid and how many groups were founded."""

    decisions: int
    groups: int


def data_of(decision: Decision) -> DecisionData:
    """What was written, as a form shows it."""
    return DecisionData(
        **{each.name: getattr(decision, each.name) for each in fields(DecisionData)}
    )


def prepare(
    proposal: Proposal, data: DecisionData, expected_revision: int, actor: Actor, now: datetime
) -> Decision:
    """Write or change the draft of a decision; a checked one has to be checked again.

    Args:
        proposal: one that waits for its decision, with its call.
        data: what is to be decided.
        expected_revision: the revision the form was made from; 0 when there was no draft.

    Raises:
        InvalidDecision: something is missing; with messages by field.
        Conflict: another person saved in between, the name of the group is taken, or the proposal
            does not wait for a decision.
    """
    person = _person(actor)
    _refuse_decided(proposal)
    data = _valid(data, proposal, now)
    decision = queries.decision_of(proposal.id)
    if (decision.revision if decision else 0) != expected_revision:
        raise Conflict(CHANGED_ELSEWHERE)
    if decision is None:
        decision = Decision(
            call_id=proposal.call_id, proposal_id=proposal.id, revision=0, created_at=now
        )
        db.session.add(decision)
    elif decision.state is DecisionState.RELEASED:
        _redecide(decision, actor, now)
    elif data_of(decision) == data:
        return decision
    else:
        DECISION_STATES.check(decision.state, DecisionMove.PREPARE)
    _write(decision, data, now)
    decision.state, decision.prepared_by_id = DecisionState.DRAFT, person
    decision.checked_by_id = decision.checked_at = None
    db.session.flush()
    details = {"outcome": data.outcome.value, "proposal": str(proposal.id)}
    record(DecisionPrepared(actor=actor, now=now, subject_id=decision.id, details=details))
    return decision


def _redecide(decision: Decision, actor: Actor, now: datetime) -> None:
    """A proposal that was returned came back: the earlier decision is kept beside the new one."""
    DECISION_STATES.check(decision.state, DecisionMove.REDECIDE)
    _keep_before(decision, decision.outcome, RESUBMITTED, actor, now)
    decision.released_at = None


def _keep_before(
    decision: Decision, after: Outcome, reason: str, actor: Actor, now: datetime
) -> None:
    mended = f"\n\n直していただくこと：{decision.mend_what}" if decision.mend_what else ""
    db.session.add(
        DecisionCorrection(
            decision_id=decision.id,
            outcome_before=decision.outcome,
            reasons_before=decision.reasons + mended,
            conditions_before=decision.conditions,
            outcome_after=after,
            reason=reason,
            corrected_by_id=actor.user_id,
            corrected_by_name=actor.name,
            corrected_at=now,
        )
    )


def check(decision: Decision, expected_revision: int, actor: Actor, now: datetime) -> None:
    """Confirm a draft as a second person.

    Args:
        decision: with its proposal and call.
        expected_revision: the revision that was read.

    Raises:
        NotAllowed: the person prepared it.
        IllegalMove: it is no draft (any more).
        Conflict: it was changed in between.
        InvalidDecision: it cannot be released as it is (a moment has passed meanwhile).
    """
    person = _person(actor)
    if person == decision.prepared_by_id:
        raise NotAllowed(
            "自分が作った決定の案は、自分では確認できません。ほかの人に頼んでください。"
        )
    if decision.revision != expected_revision:
        raise Conflict(CHANGED_ELSEWHERE)
    _refuse_decided(decision.proposal)
    target = DECISION_STATES.check(decision.state, DecisionMove.CHECK)
    _valid(data_of(decision), decision.proposal, now)
    decision.state, decision.checked_by_id, decision.checked_at = target, person, now
    _touch(decision, now)
    details = {"outcome": decision.outcome.value, "proposal": str(decision.proposal_id)}
    record(DecisionChecked(actor=actor, now=now, subject_id=decision.id, details=details))


def uncheck(proposal_id: uuid.UUID, now: datetime) -> None:
    """Make a checked decision a draft again, because the proposal itself changed."""
    decision = queries.decision_of(proposal_id)
    if decision is None or decision.state is not DecisionState.CHECKED:
        return
    decision.state = DECISION_STATES.check(decision.state, DecisionMove.PREPARE)
    decision.checked_by_id = decision.checked_at = None
    _touch(decision, now)


def release(call: Call, actor: Actor, now: datetime) -> Released:
    """Make all decisions of a call valid at one moment and tell all authors.

    Everything happens in the present transaction: all of it or nothing. When nothing waits any
    more, nothing happens.

    Args:
        call: with its criteria.

    Raises:
        NotReady: a proposal waits for its decision, a check is missing, time is left to write.
        ProductError: a group cannot be founded.
    """
    _person(actor)
    db.session.execute(select(Call.id).where(Call.id == call.id).with_for_update())
    blockers = blockers_of(call, now)
    if blockers:
        raise NotReady(blockers)
    decisions = queries.decisions_to_release(call.id)
    if not decisions:
        return Released(0, 0)
    for decision in decisions:
        _release(decision, actor, now)
    _close_call(call, actor, now)
    groups = sum(decision.outcome in ADOPTING for decision in decisions)
    details = {"decisions": len(decisions), "groups": groups}
    record(DecisionsReleased(actor=actor, now=now, subject_id=call.id, details=details))
    return Released(len(decisions), groups)


def _release(decision: Decision, actor: Actor, now: datetime) -> None:
    proposal = decision.proposal
    data = _valid(data_of(decision), proposal, now)
    decision.state = DECISION_STATES.check(decision.state, DecisionMove.RELEASE)
    decision.released_at = now
    _touch(decision, now)
    move = OUTCOME_MOVES[decision.outcome]
    apply_decision(proposal, move, decision.reasons, actor, now, decision.mend_until)
    if data.adopts:
        open_group(proposal, data, decision.reasons, actor, now)
    record(_released(DecisionReleased, decision, actor, now, decision.reasons))


def _close_call(call: Call, actor: Actor, now: datetime) -> None:
    write_outcome(call, outcome_text(queries.adopted_of(call.id)), actor, now)
    if call.state is CallState.PUBLISHED:
        move_call(call, CallMove.DECIDE, "", actor, now)


def correct(
    decision: Decision,
    data: DecisionData,
    reason: str,
    expected_revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Put a released decision right; the authors are told, the earlier words are kept.

    A group whose adoption is taken back is closed with the reason; a new adoption founds one.

    Args:
        decision: released, with its proposal, its call and its authors.
        data: what holds from now on.
        reason: why; the authors read it.
        expected_revision: the revision the form was made from.

    Raises:
        InvalidDecision: something is missing; with messages by field.
        IllegalMove: it is not released, or the proposal has moved on.
        Conflict: somebody else corrected it in between, or nothing differs.
    """
    _person(actor)
    reason = checked_text(reason, REASON_LENGTH, "reason", "訂正の理由を入れてください。")
    proposal, before = decision.proposal, decision.outcome
    if proposal.state.value != decision.outcome.value:
        raise Conflict("この提案は決定のあとで動いています（再提出・取下げ）。訂正できません。")
    if decision.revision != expected_revision:
        raise Conflict(CHANGED_ELSEWHERE)
    DECISION_STATES.check(decision.state, DecisionMove.CORRECT, reason)
    data = _valid(data, proposal, now, data_of(decision))
    if data == data_of(decision):
        raise ProductError("決定の内容が変わっていません。直すところを入れてください。")
    _keep_before(decision, data.outcome, reason, actor, now)
    _write(decision, data, now)
    db.session.flush()
    move = OUTCOME_MOVES[data.outcome]
    apply_decision(proposal, move, data.reasons, actor, now, data.mend_until)
    _follow_groups(proposal, data, before, reason, actor, now)
    write_outcome(proposal.call, outcome_text(queries.adopted_of(decision.call_id)), actor, now)
    record(_released(DecisionCorrected, decision, actor, now, reason))


def _follow_groups(
    proposal: Proposal,
    data: DecisionData,
    before: Outcome,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    if data.adopts and before not in ADOPTING:
        open_group(proposal, data, reason, actor, now)
    elif before in ADOPTING and not data.adopts:
        close_grown_group(proposal, reason, actor, now)


def _released(
    kind: type[DecisionReleased] | type[DecisionCorrected],
    decision: Decision,
    actor: Actor,
    now: datetime,
    reason: str,
) -> DecisionReleased | DecisionCorrected:
    proposal = decision.proposal
    details = {"outcome": decision.outcome.value, "proposal": str(proposal.id)}
    return kind(
        actor=actor, now=now, subject_id=decision.id, reason=reason, details=details,
        organization_id=proposal.lead_organization_id,
    )  # fmt: skip


def _valid(
    data: DecisionData, proposal: Proposal, now: datetime, before: DecisionData | None = None
) -> DecisionData:
    """Tidy data that can be decided.

    Args:
        before: what was released already; what did not change in it need not lie ahead any more.
    """
    data, group = normalized(data), queries.group_of(proposal.id)
    if group is not None and data.adopts:  # it goes on as it is; only a new one needs all this
        data = replace(data, group_name=group.name)
    problems = problems_of(data, now)
    if group is not None:
        problems = {name: text for name, text in problems.items() if name not in GROUP_FIELDS}
    for name in ("group_starts_on", "group_ends_on", "mend_until"):
        if before is not None and getattr(before, name) == getattr(data, name) is not None:
            problems.pop(name, None)
    if data.adopts and proposal.call.parent_group_id is None:
        problems.setdefault(
            "outcome",
            "採択するとWGを立ち上げます。先に、公募のページで「上位のWG」を決めてください。",
        )
    if problems:
        raise InvalidDecision(problems)
    if data.adopts:
        refuse_taken_name(data.group_name, proposal.id)
    return data


def _write(decision: Decision, data: DecisionData, now: datetime) -> None:
    for each in fields(DecisionData):
        setattr(decision, each.name, getattr(data, each.name))
    decision.revision += 1
    decision.updated_at = now


def _touch(decision: Decision, now: datetime) -> None:
    decision.revision += 1
    decision.updated_at = now
    db.session.flush()


def _person(actor: Actor) -> uuid.UUID:
    if actor.user_id is None:
        raise NotAllowed("決定は、サインインした人が行います。")
    return actor.user_id


def _refuse_decided(proposal: Proposal) -> None:
    if proposal.state is not ProposalState.SUBMITTED:
        raise Conflict(NOT_WAITING)
