"""Commands of reviewers: scores, conflicts of interest, discussion. The caller commits."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_text
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews.domain import (
    COMMENT_LENGTH,
    REASON_LENGTH,
    REVIEW_STATES,
    ReviewMove,
)
from matchmaker.working_groups.reviews.events import (
    CommentRetracted,
    CommentWritten,
    ConflictDeclared,
    ConflictTakenBack,
    ReviewSaved,
    ReviewSubmitted,
)
from matchmaker.working_groups.reviews.models import Review, ReviewComment, ReviewScore
from matchmaker.working_groups.reviews.queries import scores_of
from matchmaker.working_groups.reviews.ranking import weighted_rate
from matchmaker.working_groups.reviews.scores import Score, ScoreSheet, problems_of

SAVED_ELSEWHERE = (
    "別の画面で、この採点が先に保存されています。入力した内容は残っています。"
    "いま保存されている内容と見くらべてから、もう一度保存してください。"
)
DECIDED = "この提案は結果が決まったため、採点を変えられません。"


def save_draft(
    review: Review, sheet: ScoreSheet, expected_revision: int, actor: Actor, now: datetime
) -> None:
    """Keep scores that need not be complete; nothing is recorded when nothing differs.

    Args:
        review: with its proposal, call and criteria.
        sheet: what was written.
        expected_revision: the revision that the form was made from.

    Raises:
        Conflict: another window saved in between, or the proposal is decided.
        IllegalMove: the review is not to be written (any more).
        ProductError: something cannot be stored as it is (field named).
    """
    _check(review, sheet, expected_revision, complete=False)
    target = REVIEW_STATES.check(review.state, ReviewMove.SAVE)
    if _write(review, sheet) or review.state is not target:
        review.state = target
        _touch(review, now)
        record(ReviewSaved(actor=actor, now=now, subject_id=review.id))


def submit_review(
    review: Review, sheet: ScoreSheet, expected_revision: int, actor: Actor, now: datetime
) -> None:
    """Hand in complete scores; handed-in ones may be changed until the proposal is decided.

    Raises:
        Conflict: another window saved in between, or the proposal is decided.
        IllegalMove: the review is not to be written (any more).
        ProductError: points or reasons are missing (field named).
    """
    _check(review, sheet, expected_revision, complete=True)
    before = review.total_rate
    review.state = REVIEW_STATES.check(review.state, ReviewMove.SUBMIT)
    _write(review, sheet)
    review.total_rate = rate_of(review, sheet)
    review.reviewed_revision = review.proposal.submitted_revision
    review.submitted_at = now
    _touch(review, now)
    details = {"rate_before": before, "rate": review.total_rate}
    record(ReviewSubmitted(actor=actor, now=now, subject_id=review.id, details=details))


def rate_of(review: Review, sheet: ScoreSheet) -> float:
    """The weighted share of the points, from 0 to 1, of a complete sheet."""
    criteria = review.proposal.call.criteria
    return weighted_rate(
        (sheet.scores[each.id].points or 0, each.points, each.weight) for each in criteria
    )


def declare_conflict(review: Review, reason: str, actor: Actor, now: datetime) -> None:
    """Declare a conflict of interest: the review is closed and does not count.

    Raises:
        IllegalMove: the review is closed already.
        ProductError: the reason is missing or too long.
    """
    _check_undecided(review)
    reason = checked_text(reason, REASON_LENGTH, "reason")
    review.state = REVIEW_STATES.check(review.state, ReviewMove.DECLARE, reason)
    review.state_reason, review.total_rate = reason, None
    _touch(review, now)
    record(ConflictDeclared(actor=actor, now=now, subject_id=review.id, reason=reason))


def take_back_conflict(review: Review, reason: str, actor: Actor, now: datetime) -> None:
    """Take back a declaration made by mistake; the scores are a draft again.

    Raises:
        IllegalMove: no conflict was declared.
        ProductError: the reason is missing or too long.
    """
    _check_undecided(review)
    reason = checked_text(reason, REASON_LENGTH, "reason")
    review.state = REVIEW_STATES.check(review.state, ReviewMove.TAKE_BACK, reason)
    review.state_reason = ""
    _touch(review, now)
    record(ConflictTakenBack(actor=actor, now=now, subject_id=review.id, reason=reason))


def add_comment(proposal: Proposal, body: str, actor: Actor, now: datetime) -> ReviewComment:
    """Contribute to the discussion of a proposal.

    Raises:
        ProductError: it is empty or too long (field ``body``).
    """
    text = checked_text(body, COMMENT_LENGTH, "body", "討議の内容を入れてください。")
    comment = ReviewComment(
        proposal_id=proposal.id, author_id=actor.user_id, author_name=actor.name, body=text, at=now
    )
    db.session.add(comment)
    db.session.flush()
    record(CommentWritten(actor=actor, now=now, subject_id=proposal.id))
    return comment


def retract_comment(comment: ReviewComment, actor: Actor, now: datetime) -> None:
    """Take back a contribution: others see that there was one, not what it said."""
    if comment.retracted_at is not None:
        return
    comment.retracted_at = now
    db.session.flush()
    record(CommentRetracted(actor=actor, now=now, subject_id=comment.proposal_id))


def checked_text(text: str, most: int, field: str, missing: str = "理由を入れてください。") -> str:
    """Words as they are stored.

    Args:
        text: what was typed.
        most: most characters.
        field: form field that a message belongs to.
        missing: message when there are none.

    Raises:
        ProductError: there are none, or too many.
    """
    text = clean_text(text)
    if not text:
        raise ProductError(missing, field)
    if len(text) > most:
        raise ProductError(f"{most:,}文字以内で入れてください。", field)
    return text


def _check(review: Review, sheet: ScoreSheet, expected_revision: int, *, complete: bool) -> None:
    _check_undecided(review)
    problems = problems_of(sheet, review.proposal.call.criteria, complete=complete)
    for field, message in problems.items():
        raise ProductError(message, field)
    if review.revision != expected_revision:
        raise Conflict(SAVED_ELSEWHERE)


def _check_undecided(review: Review) -> None:
    if review.proposal.state is not ProposalState.SUBMITTED:
        raise Conflict(DECIDED)


def _write(review: Review, sheet: ScoreSheet) -> bool:
    """Write comment and scores; gives whether anything differs."""
    present, comment = scores_of(review), clean_text(sheet.comment)
    changed = review.comment != comment
    review.comment = comment
    for criterion in review.proposal.call.criteria:
        given = sheet.scores.get(criterion.id, Score())
        score = present.get(criterion.id)
        if score is None:
            score = ReviewScore(criterion_id=criterion.id, points=None, reason="")
            review.scores.append(score)
        wanted = (given.points, clean_text(given.reason))
        changed = changed or (score.points, score.reason) != wanted
        score.points, score.reason = wanted
    return changed


def _touch(review: Review, now: datetime) -> None:
    review.revision += 1
    review.updated_at = now
    db.session.flush()
