"""Saving what several people write at once: nothing is overwritten, every revision is kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict as ConflictError
from matchmaker.core.errors import ProductError
from matchmaker.core.merging import Conflict, ValuesMerge, merge_values
from matchmaker.core.uploads import CheckedFile
from matchmaker.questions.domain import QuestionKind, Questionnaire
from matchmaker.questions.files import Subject, save_files
from matchmaker.working_groups.proposals import queries
from matchmaker.working_groups.proposals.domain import (
    PROPOSAL_STATES,
    WRITABLE_STATES,
    ProposalText,
)
from matchmaker.working_groups.proposals.events import (
    ProposalSaved,
)
from matchmaker.working_groups.proposals.models import (
    Proposal,
    ProposalAuthor,
    ProposalRevision,
)

SUBJECT_KIND = "proposals:proposal"
LARGEST_ANSWERS = 400_000
"""Characters of all answers together; more is no proposal but a mistake."""


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What became of a save.

    Args:
        revision: the revision that is stored now.
        text: the stored text, or, with conflicts, what would be stored with theirs in their place.
        conflicts: by question id (or the title's key); with any of them nothing was stored.
        taken: questions that others changed meanwhile and that were taken over.
    """

    revision: int
    text: ProposalText
    conflicts: Mapping[str, Conflict]
    taken: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everything is stored."""
        return not self.conflicts


def text_of(proposal: Proposal) -> ProposalText:
    """What is written now."""
    return ProposalText(proposal.title, proposal.answers)


def save(
    proposal: Proposal,
    text: ProposalText,
    base_number: int,
    actor: Actor,
    now: datetime,
    *,
    bases: Mapping[str, int] | None = None,
    arriving: Mapping[str, Sequence[CheckedFile]] | None = None,
    is_autosave: bool = False,
    note: str = "",
) -> SaveOutcome:
    """Save what was written from revision ``base_number`` on, merging what others saved since.

    Nothing is overwritten. Where both changed the same in different ways the conflicts are given
    back: an autosave stores all the rest, a save by hand nothing before they are settled.

    Args:
        text: all answers; questions that are not asked keep their answers.
        base_number: the revision that was on the writer's page.
        bases: older revisions for single questions whose stored text the page did not take over.
        arriving: checked files that come with it, by question id.

    Raises:
        ConflictError: the state does not allow writing.
        ProductError: the text is larger than any proposal.
    """
    _check_writable(proposal, text)
    merge = merge_with_stored(proposal, text, base_number, bases or {})
    merged = ProposalText.from_merged(merge.values)
    if merge.is_clean:
        merged = _with_files(proposal, merged, arriving or {}, actor, now)
    if (merge.is_clean or is_autosave) and merged != text_of(proposal):
        _store(proposal, merged, actor, now, note=note, is_autosave=is_autosave)
    return SaveOutcome(proposal.revision, merged, merge.conflicts, merge.taken)


def files_subject(proposal_id: uuid.UUID) -> Subject:
    """What the files of a proposal answer for."""
    return Subject(SUBJECT_KIND, proposal_id)


def _with_files(
    proposal: Proposal,
    text: ProposalText,
    arriving: Mapping[str, Sequence[CheckedFile]],
    actor: Actor,
    now: datetime,
) -> ProposalText:
    questionnaire = Questionnaire.from_data(proposal.call.questions)
    subject = files_subject(proposal.id)
    answers = save_files(subject, questionnaire, text.answers, arriving, actor, now)
    return ProposalText(text.title, answers)


def _check_writable(proposal: Proposal, text: ProposalText) -> None:
    if proposal.state not in WRITABLE_STATES:
        raise ConflictError(
            f"「{PROPOSAL_STATES.labels[proposal.state]}」の提案は書きかえられません。"
            "入力した内容は残っています。提案のページで状態を確かめてください。"
        )
    if len(str(text.answers)) > LARGEST_ANSWERS:
        raise ProductError("書いた内容が長すぎるため、保存できません。短くしてください。")


def base_text(proposal: Proposal, number: int, bases: Mapping[str, int]) -> ProposalText:
    """What the writer started from: one revision, for some questions an older one."""
    values = _revision_values(proposal, number)
    for key, older in bases.items():
        values.pop(key, None)
        before = _revision_values(proposal, older)
        if key in before:
            values[key] = before[key]
    return ProposalText.from_merged(values)


def _revision_values(proposal: Proposal, number: int) -> dict[str, Any]:
    found = queries.base_revision(proposal.id, number)
    return ProposalText(found.title, found.answers).merged_form() if found else {}


def merge_with_stored(
    proposal: Proposal, text: ProposalText, base_number: int, bases: Mapping[str, int]
) -> ValuesMerge:
    """Merge a text with the stored one from their common base."""
    before = base_text(proposal, base_number, bases)
    questions = Questionnaire.from_data(proposal.call.questions).questions
    return merge_values(
        before.merged_form(),
        text.merged_form(),
        text_of(proposal).merged_form(),
        sets=[each.id for each in questions if each.kind is QuestionKind.FILE],
    )


def _store(
    proposal: Proposal,
    text: ProposalText,
    actor: Actor,
    now: datetime,
    *,
    note: str,
    is_autosave: bool = False,
) -> None:
    proposal.title, proposal.answers = text.title, dict(text.answers)
    proposal.revision += 1
    proposal.updated_at = now
    db.session.flush()
    keep_revision(proposal, actor, now, note, is_autosave=is_autosave)
    record(
        ProposalSaved(
            actor=actor, now=now, subject_id=proposal.id,
            organization_id=proposal.lead_organization_id,
            details={"revision": proposal.revision},
        )
    )  # fmt: skip


def keep_revision(
    proposal: Proposal, actor: Actor, now: datetime, note: str, *, is_autosave: bool = False
) -> None:
    """Keep the present text as the revision of its number."""
    db.session.add(
        ProposalRevision(
            proposal_id=proposal.id,
            number=proposal.revision,
            title=proposal.title,
            answers=dict(proposal.answers),
            note=note,
            is_autosave=is_autosave,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=now,
        )
    )
    db.session.flush()


def restore_revision(proposal: Proposal, number: int, actor: Actor, now: datetime) -> None:
    """Write an earlier text again, as a new revision."""
    old = queries.revision_of(proposal.id, number)
    text = ProposalText(old.title, old.answers)
    _check_writable(proposal, text)
    _store(proposal, text, actor, now, note=f"第{number}版に戻した")


def note_editing(
    proposal: Proposal, user_id: uuid.UUID | None, question_id: str, now: datetime
) -> None:
    """Remember where an author is writing right now."""
    db.session.execute(
        update(ProposalAuthor)
        .where(ProposalAuthor.proposal_id == proposal.id, ProposalAuthor.user_id == user_id)
        .values(editing_at=now, editing_question=question_id[:40])
    )
