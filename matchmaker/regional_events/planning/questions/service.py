"""Commands on the questions of a registration form. They flush, record events and never commit.

The first registration freezes the questions of an event and of its tracks: it sets
``questions_frozen_at``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.questions.domain import (
    QuestionKind,
    Questionnaire,
    refuse_change_when_frozen,
)
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.questions.events import RegistrationQuestionsChanged
from matchmaker.regional_events.planning.questions.presets import with_frequent

FIRST = "最初の申し込み"
INSTEAD = "ほかに聞きたいことは、あとからアンケートで聞けます。"
NO_FILES = "申し込みでは、ファイルを受け取れません。質問「{label}」を外してください。"
CHANGED_BY_OTHERS = (
    "あなたが開いているあいだに、ほかの人がここを変えました。入力した内容は残っています。"
    "いまの内容を別の画面で確かめてから、もう一度保存してください。"
)
Asked = RegionalEvent | Track
"""What has questions of its own."""


def save_questions(
    event: RegionalEvent,
    asked: Asked,
    questionnaire: Questionnaire,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> None:
    """Save what the registration form asks: everybody, or those who choose a track.

    Args:
        event: whose form it is.
        asked: the event itself, or one of its tracks.
        expected_revision: revision of ``asked`` that was seen; None for the present one.

    Raises:
        Conflict: somebody changed it since, or people have answered the questions already.
        ProductError: a question asks for files.
    """
    if expected_revision is not None and expected_revision != asked.revision:
        raise Conflict(CHANGED_BY_OTHERS)
    data = questionnaire.to_data()
    refuse_change_when_frozen(
        event.questions_frozen_at, asked.questions, data, first=FIRST, instead=INSTEAD
    )
    for question in questionnaire.questions:
        if question.kind is QuestionKind.FILE:
            raise ProductError(NO_FILES.format(label=question.label))
    asked.questions = data
    asked.revision += 1
    db.session.flush()
    track_id = asked.id if isinstance(asked, Track) else None
    details = {"questions": [question.label for question in questionnaire.questions]}
    record(
        RegistrationQuestionsChanged(
            actor=actor, now=now, subject_id=event.id, track_id=track_id, details=details,
        )
    )  # fmt: skip


def add_frequent(
    event: RegionalEvent, asked: Asked, keys: Iterable[str], actor: Actor, now: datetime
) -> int:
    """Add frequent questions behind those there are; which are there stay as they are.

    Returns:
        How many were added.

    Raises:
        Conflict: people have answered the questions already.
        InvalidQuestionnaire: there would be too many.
    """
    before = len(asked.questions)
    questionnaire = Questionnaire.from_data(with_frequent(asked.questions, keys))
    added = len(questionnaire.questions) - before
    if added:
        save_questions(event, asked, questionnaire, actor, now)
    return added
