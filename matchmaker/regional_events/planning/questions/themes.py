"""The survey about themes before an event: who is asked, who reads the answers.

Asked by mail are the representatives and editors of the member organisations that the event is
for; answer may every member who may see the event. People without an account are not asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.core.actor import Actor, OrganizationRole
from matchmaker.core.clock import end_of_day, today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line
from matchmaker.organizations.domain import OrganizationStatus
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.domain import Audience, EventState
from matchmaker.regional_events.planning.models import EventInvitee, RegionalEvent
from matchmaker.regional_events.planning.policy import can_plan, can_view
from matchmaker.regional_events.planning.queries import get_event, standing_of
from matchmaker.regional_events.planning.questions.events import ThemesAsked
from matchmaker.regional_events.planning.questions.presets import THEMES
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import SurveySubject
from matchmaker.surveys.service import create_survey

SUBJECT_KIND = "regional_events:themes"
STARTS_AFTER = timedelta(hours=1)
"""Time to look through the questions before people are asked by mail."""

TITLE_LENGTH = 100
PEOPLE_MOST = 5000


def ask_for_themes(
    event: RegionalEvent, title: str, until: date, is_anonymous: bool, actor: Actor, now: datetime
) -> Survey:
    """Ask members which themes they want; it begins in an hour.

    Args:
        until: last day for answers.

    Raises:
        Conflict: they were asked already, or the event is not public.
        ProductError: the title or the day does not fit.
    """
    title = clean_line(title)
    if not title or len(title) > TITLE_LENGTH:
        raise ProductError(f"名前を{TITLE_LENGTH}文字までで入れてください。", "title")
    if event.state is not EventState.PUBLISHED:
        raise Conflict("テーマの募集は、イベントを公開してから始められます。")
    db.session.refresh(event, ["themes_survey_id"], with_for_update=True)
    if event.themes_survey_id is not None:
        raise Conflict("このイベントのテーマの募集は、もうあります。")
    survey = create_survey(
        SUBJECT_KIND, event.id, title, THEMES, now + STARTS_AFTER, _end(event, until, now), actor,
        now, is_anonymous=is_anonymous,
        introduction=f"「{event.name}」で取り上げてほしいテーマを、聞かせてください。",
    )  # fmt: skip
    event.themes_survey_id = survey.id
    event.updated_at = now
    db.session.flush()
    record(ThemesAsked(actor=actor, now=now, subject_id=event.id, survey_id=survey.id))
    return survey


def _end(event: RegionalEvent, until: date, now: datetime) -> datetime:
    """The last minute of the last day, or the beginning of the event on its own day."""
    if until < today(now):
        raise ProductError("最後の日は、今日か、今日より後の日にしてください。", "until")
    if until > today(event.starts_at):
        raise ProductError("最後の日は、イベントの日までにしてください。", "until")
    end = min(end_of_day(until) - timedelta(minutes=1), event.starts_at)
    if end <= now + STARTS_AFTER:
        raise ProductError("答える時間がありません。もっと後の日にしてください。", "until")
    return end


def _participants(event_id: uuid.UUID) -> Sequence[User]:
    event = get_event(event_id)
    if event.state is not EventState.PUBLISHED:
        return []
    writing = (OrganizationRole.REPRESENTATIVE, OrganizationRole.EDITOR)
    query = (
        select(User)
        .join(OrganizationMember, OrganizationMember.user_id == User.id)
        .join(Organization, Organization.id == OrganizationMember.organization_id)
        .where(
            OrganizationMember.role.in_(writing),
            Organization.status == OrganizationStatus.ACTIVE,
            User.active,
        )
        .distinct()
        .order_by(User.id)
        .limit(PEOPLE_MOST)
    )
    if event.audience is Audience.INVITED:
        query = query.where(_is_invited(event_id))
    return db.session.scalars(query).all()


def _is_invited(event_id: uuid.UUID) -> ColumnElement[bool]:
    invited = select(EventInvitee).where(EventInvitee.event_id == event_id).subquery()
    return or_(
        Organization.id.in_(
            select(invited.c.organization_id).where(invited.c.organization_id.is_not(None))
        ),
        User.email_key.in_(select(invited.c.email_key).where(invited.c.email_key != "")),
    )


def can_answer(actor: Actor, event_id: uuid.UUID) -> bool:
    """Whether the person is asked: a member who may see the published event."""
    event = get_event(event_id)
    if event.state is not EventState.PUBLISHED or not actor.is_member:
        return False
    return can_view(actor, event, standing_of(actor, event_id))


def _plans(actor: Actor, event_id: uuid.UUID) -> bool:
    return can_plan(actor, standing_of(actor, event_id))


SUBJECT = SurveySubject(
    participants=_participants,
    can_answer=can_answer,
    can_read_results=_plans,
    label=lambda event_id: get_event(event_id).name,
    url=lambda event_id: f"/regional-events/{event_id}",
)
"""How events are asked about beforehand."""
