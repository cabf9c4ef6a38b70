"""What the page of an event shows of the survey about themes, and the planner's link."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.extensions import EventSection, StaffLink, View
from matchmaker.regional_events.planning.policy import can_plan
from matchmaker.surveys.domain import SurveyState, state_at
from matchmaker.surveys.queries import find_survey, has_answered

PLACE, LINK_PLACE = 15, 14


def themes_section(view: View) -> EventSection | None:
    """The way to the survey for members while it is open; the results for the planner."""
    if view.event.themes_survey_id is None:
        return None
    survey = find_survey(view.event.themes_survey_id)
    plans = can_plan(view.actor, view.standing)
    if survey is None or not (view.actor.is_member or plans):
        return None
    state = state_at(survey.opens_at, survey.closes_at, view.now)
    is_open = state is SurveyState.OPEN and view.event.state is EventState.PUBLISHED
    if not (is_open or plans):
        return None
    context = {
        "survey": survey,
        "is_open": is_open,
        "plans": plans,
        "has_answered": has_answered(survey.id, view.actor.user_id),
    }
    return EventSection("event_questions/_themes.html", context, "テーマの募集", "themes", PLACE)


def staff_links(view: View) -> Sequence[StaffLink]:
    """The planner's page of questions."""
    if not can_plan(view.actor, view.standing):
        return ()
    count = len(view.event.questions)
    note = f"{count}個" if count else "まだありません"
    url = url_for("event_questions.index", event_id=view.event.id)
    return (StaffLink("申し込みの質問", url, note, LINK_PLACE),)
