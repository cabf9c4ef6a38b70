"""Files as answers: kept, taken away and read for a subject. Flushes, never commits.

The subject's own feature records what happened and asks its policy before it hands a file out.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.storage import StoredFile, store
from matchmaker.core.uploads import ATTACHMENT, CheckedFile, Purpose, check_upload
from matchmaker.questions.domain import Question, QuestionKind, Questionnaire
from matchmaker.questions.kinds import MOST_FILES, MOST_QUESTIONS, SUFFIX_GROUPS
from matchmaker.questions.models import AnswerFile

AT_ONCE = "ほかの人が同時にファイルを追加しました。もう一度選んでください。"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the files answer for.

    Args:
        kind: ``proposals:proposal``, ``surveys:answer`` …
        id: the record.
    """

    kind: str
    id: uuid.UUID


def purpose_of(question: Question) -> Purpose:
    """Which files a question takes."""
    if not question.suffixes:
        return ATTACHMENT
    groups = [label for label, ends in SUFFIX_GROUPS.values() if set(ends) & set(question.suffixes)]
    wanted = "、".join(groups)
    return Purpose(question.taken_suffixes, ATTACHMENT.most_bytes, wanted)


def check_file(question: Question, name: str, content: bytes) -> CheckedFile:
    """Take a file that was sent as an answer, or say why not.

    Raises:
        RefusedFile: with a message in Japanese that names the file.
    """
    return check_upload(name, content, purpose_of(question), question.id)


def files_of(subject: Subject) -> Sequence[AnswerFile]:
    """All files of a subject that were not taken away, in the order of the questions' positions."""
    query = (
        _present(subject)
        .order_by(AnswerFile.question_id, AnswerFile.position)
        .limit(MOST_FILES * MOST_QUESTIONS)
    )
    return db.session.scalars(query).all()


def get_file(subject: Subject, file_id: uuid.UUID) -> AnswerFile | None:
    """One file of the subject; None when it belongs to another one or was taken away."""
    return db.session.scalar(_present(subject).where(AnswerFile.id == file_id))


def file_subject(kind: str, file_id: uuid.UUID) -> uuid.UUID | None:
    """The record of that kind which a file belongs to."""
    query = select(AnswerFile.subject_id).where(
        AnswerFile.id == file_id, AnswerFile.subject_kind == kind
    )
    return db.session.scalar(query)


def files_of_many(kind: str, ids: Sequence[uuid.UUID]) -> dict[str, AnswerFile]:
    """Files of several subjects of a kind by their id as text, for tables of answers."""
    query = (
        select(AnswerFile)
        .options(joinedload(AnswerFile.file))
        .where(
            AnswerFile.subject_kind == kind,
            AnswerFile.subject_id.in_(ids),
            AnswerFile.removed_at.is_(None),
        )
        .order_by(AnswerFile.id)
        .limit(MOST_FILES * MOST_QUESTIONS * max(len(ids), 1))
    )
    return {str(file.id): file for file in db.session.scalars(query)}


def _present(subject: Subject) -> Select[tuple[AnswerFile]]:
    return (
        select(AnswerFile)
        .options(joinedload(AnswerFile.file))
        .where(
            AnswerFile.subject_kind == subject.kind,
            AnswerFile.subject_id == subject.id,
            AnswerFile.removed_at.is_(None),
        )
    )


def add_files(
    subject: Subject,
    question: Question,
    files: Sequence[CheckedFile],
    actor: Actor,
    now: datetime,
) -> list[AnswerFile]:
    """Keep files as answers to a question: all of them or none.

    Raises:
        ProductError: there would be more files than the question takes.
        Conflict: somebody else added files at the same moment.
    """
    taken = {f.position for f in files_of(subject) if f.question_id == question.id}
    free = [place for place in range(1, question.most_files + 1) if place not in taken]
    if len(files) > len(free):
        message = f"ファイルは{question.most_files}個までです。いらないものを外してください。"
        raise ProductError(message, question.id)
    added = [
        _answer_file(subject, question.id, place, store(file, actor, now), now)
        for place, file in zip(free, files, strict=False)
    ]
    try:
        db.session.flush()
    except IntegrityError:
        raise Conflict(AT_ONCE, question.id) from None
    return added


def _answer_file(
    subject: Subject, question_id: str, position: int, stored: StoredFile, now: datetime
) -> AnswerFile:
    file = AnswerFile(
        subject_kind=subject.kind,
        subject_id=subject.id,
        question_id=question_id,
        position=position,
        file_id=stored.id,
        created_by_id=stored.created_by_id,
        created_at=now,
    )
    file.file = stored
    db.session.add(file)
    return file


def remove_file(file: AnswerFile, now: datetime) -> None:
    """Take a file away; it stays on record for older versions of the answers."""
    file.position, file.removed_at = None, now
    db.session.flush()


def save_files(
    subject: Subject,
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    arriving: Mapping[str, Sequence[CheckedFile]],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Bring the files of a subject into step with answers that were checked.

    Files the answers do not name any more are taken away, ids of foreign files are dropped, the
    arriving files are kept and named.

    Args:
        answers: values of :class:`CheckedAnswers`; ``arriving``: from ``AnswersForm.arriving``.

    Returns:
        The answers with the ids of all their files.

    Raises:
        ProductError, Conflict: as :func:`add_files`.
    """
    settled = dict(answers)
    present = files_of(subject)
    for question in questionnaire.questions:
        if question.kind is not QuestionKind.FILE:
            continue
        own = [file for file in present if file.question_id == question.id]
        kept = [file for file in own if str(file.id) in settled.get(question.id, ())]
        for file in own:
            if file not in kept:
                remove_file(file, now)
        kept += add_files(subject, question, arriving.get(question.id, ()), actor, now)
        settled.pop(question.id, None)
        if kept:
            settled[question.id] = [str(file.id) for file in kept]
    return settled
