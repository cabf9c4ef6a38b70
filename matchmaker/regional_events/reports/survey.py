"""The survey after an event: its usual questions, who is asked, who reads it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.clock import end_of_day
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.policy import can_plan
from matchmaker.regional_events.planning.queries import get_event, standing_of
from matchmaker.regional_events.reports import people
from matchmaker.regional_events.reports.events import EventSurveyCreated
from matchmaker.surveys.domain import TITLE_LENGTH
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import SurveySubject
from matchmaker.surveys.service import create_survey

SUBJECT_KIND = "regional_events:event"
STARTS_AFTER = timedelta(hours=1)
"""Time to look through the questions before those who came are asked by mail."""

USUAL_PERIOD = timedelta(days=14)
MOST_SESSIONS = 20
LEVELS = ("とても満足", "満足", "どちらでもない", "やや不満", "不満")
USEFUL = ("講演・事例の紹介", "パネルディスカッション", "配席での面談", "会場での交流", "資料")
PARTNERS = (
    "自治体",
    "製造・小売の事業者",
    "回収・再資源化の事業者",
    "大学・研究機関",
    "まだいない",
)


def usual_questions(sessions: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What is asked after an event unless the staff changes it.

    Args:
        sessions: titles of the programme, of which the useful ones may be chosen.
    """
    useful = list(dict.fromkeys(title[:200] for title in sessions if title))[:MOST_SESSIONS]
    return [
        {**_choice("satisfaction", "全体の満足度", LEVELS), "required": True},
        {
            **_choice("useful", "役に立ったこと", useful if len(useful) > 1 else USEFUL),
            "several": True, "other": True,
        },
        {
            **_choice("partners", "知り合えた相手", PARTNERS),
            "several": True, "other": True,
            "help": "これから連絡を取りたいと思う相手を選んでください。",
        },
        _words("improvement", "改善してほしいこと"),
        _words("next", "次に望む地域やテーマ"),
    ]  # fmt: skip


def _choice(question_id: str, label: str, words: Sequence[str]) -> dict[str, Any]:
    options = [{"id": f"o{n}", "label": word} for n, word in enumerate(words, start=1)]
    return {"id": question_id, "kind": "choice", "label": label, "options": options}


def _words(question_id: str, label: str) -> dict[str, Any]:
    return {
        "id": question_id, "kind": "text", "label": label, "multiline": True, "max_length": 1000,
    }  # fmt: skip


def survey_event(
    event: RegionalEvent,
    title: str,
    until: date | None,
    is_anonymous: bool,
    actor: Actor,
    now: datetime,
    sessions: Sequence[str] = (),
) -> Survey:
    """Ask those who came what they think; it begins an hour from now.

    Args:
        event: the event.
        title: name of the survey.
        until: last day for answers; two weeks from now when left out.
        is_anonymous: whether names are left out.
        actor: who asks.
        now: the present moment.
        sessions: titles of the programme.

    Raises:
        Conflict: there is a survey already.
        ProductError: the event has not begun, or a field does not fit.
    """
    title = clean_line(title)
    if not title or len(title) > TITLE_LENGTH:
        raise ProductError(f"名前を{TITLE_LENGTH}文字までで入れてください。", "title")
    if now < event.starts_at:
        raise ProductError("アンケートは、イベントが始まってから作れます。")
    db.session.refresh(event, ["survey_id"], with_for_update=True)
    if event.survey_id is not None:
        raise Conflict("このイベントのアンケートは、もうあります。")
    closes_at = end_of_day(until) if until else now + STARTS_AFTER + USUAL_PERIOD
    survey = create_survey(
        SUBJECT_KIND, event.id, title, usual_questions(sessions), now + STARTS_AFTER, closes_at,
        actor, now, is_anonymous=is_anonymous,
    )  # fmt: skip
    event.survey_id, event.updated_at = survey.id, now
    db.session.flush()
    record(EventSurveyCreated(actor=actor, now=now, subject_id=event.id, survey_id=survey.id))
    return survey


def _runs(actor: Actor, event_id: uuid.UUID) -> bool:
    return can_plan(actor, standing_of(actor, event_id))


SUBJECT = SurveySubject(
    participants=people.asked_users,
    can_answer=lambda actor, event_id: people.is_asked(event_id, actor.user_id),
    can_read_results=_runs,
    label=lambda event_id: get_event(event_id).name,
    url=lambda event_id: f"/regional-events/{event_id}",
    guest_names=people.names_of,
)
"""How events are asked about."""
