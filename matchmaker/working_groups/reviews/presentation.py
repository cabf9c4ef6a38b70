"""A proposal as its reviewers read it, without names where the call hides them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.files import files_of_many
from matchmaker.questions.models import AnswerFile
from matchmaker.questions.presentation import ShownAnswer, shown_answers
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.queries import submitted_text
from matchmaker.working_groups.proposals.service import SUBJECT_KIND


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of a proposal under the name that the reader may see."""

    id: uuid.UUID
    name: str
    file: AnswerFile


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One question with its answer."""

    label: str
    text: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[GivenFile, ...] = ()


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The text of a proposal as it was handed in last.

    Args:
        title: its title.
        answers: question by question.
        organizations: who wrote it; empty where names are hidden.
    """

    title: str
    answers: Sequence[GivenAnswer]
    organizations: Sequence[str] = field(default=())

    def file(self, file_id: uuid.UUID) -> GivenFile | None:
        """One of its files."""
        files = (each for answer in self.answers for each in answer.files)
        return next((each for each in files if each.id == file_id), None)


def handed_in(proposal: Proposal, *, hides_names: bool) -> HandedIn:
    """The text that reviewers judge.

    Args:
        proposal: with its call; with its authors and their organisations unless names are hidden.
        hides_names: whether organisations and names of files are left out. What people wrote about
            themselves in their texts stays.
    """
    revision = submitted_text(proposal)
    title = revision.title if revision else proposal.title
    written = revision.answers if revision else proposal.answers
    files = files_of_many(SUBJECT_KIND, [proposal.id])
    shown = shown_answers(Questionnaire.from_data(proposal.call.questions), written, files)
    organizations = () if hides_names else writing_organizations(proposal)
    return HandedIn(title, _numbered(shown, hides_names), organizations)


def writing_organizations(proposal: Proposal) -> tuple[str, ...]:
    """Names of the organisations that write a proposal, the leading one first."""
    names = [proposal.lead_organization.name]
    names += [
        author.organization.name
        for author in proposal.authors
        if author.accepted_at is not None and author.left_at is None
    ]
    return tuple(dict.fromkeys(names))


def _numbered(shown: Sequence[ShownAnswer], hides_names: bool) -> list[GivenAnswer]:
    answers, number = [], 0
    for each in shown:
        files = []
        for file in each.files:
            number += 1
            files.append(GivenFile(file.id, _file_name(file, number, hides_names), file))
        text = "" if files else each.text
        answers.append(GivenAnswer(each.label, text, each.headings, each.rows, tuple(files)))
    return answers


def _file_name(file: AnswerFile, number: int, hides_names: bool) -> str:
    if not hides_names:
        return file.file.name
    ending = file.file.name.rpartition(".")[2].lower() if "." in file.file.name else ""
    return f"添付{number}.{ending}" if ending.isascii() and ending.isalnum() else f"添付{number}"
