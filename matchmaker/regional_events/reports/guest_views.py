"""Pages after an event for people without an account: materials, survey, by their ticket's link."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import public
from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.downloads import download_stored
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import event_when
from matchmaker.regional_events.planning.policy import EventStanding
from matchmaker.regional_events.planning.programme.models import EventMaterial
from matchmaker.regional_events.planning.programme.queries import materials_of
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.extensions import Ticket, TicketLink
from matchmaker.regional_events.registrations.links import (
    GoneLink,
    InvalidLink,
    LinkPurpose,
    read_token,
)
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.queries import get_attendee
from matchmaker.regional_events.reports import people
from matchmaker.regional_events.reports.retention.queries import due_at
from matchmaker.surveys.answering import answer_form, take_answers
from matchmaker.surveys.domain import SurveyState, state_at
from matchmaker.surveys.forms import SurveyAnswerForm
from matchmaker.surveys.models import Survey
from matchmaker.surveys.queries import find_survey, has_guest_answered

GUEST = Actor(name="参加者（メールのリンク）")
REPLACED = "このリンクは、もう使えません。新しいメールのリンクを使ってください。"
PAST = "イベントが終わって時間がたったため、このページは閉じました。"
blueprint = Blueprint(
    "event_ticket_materials", __name__, url_prefix="/event-tickets/<string:token>"
)


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A person whose link was opened after the event.

    Args:
        token: of the link.
        attendee: the person.
        event: with tracks.
        standing: how the person stands to it.
        now: the moment of the request.
    """

    token: str
    attendee: Attendee
    event: RegionalEvent
    standing: EventStanding
    now: datetime

    @property
    def materials(self) -> Sequence[EventMaterial]:
        """What the person may open."""
        return materials_of(self.event.id, VISITOR, self.standing, self.now)

    @property
    def survey(self) -> Survey | None:
        """The survey that asks this person, if there is one."""
        survey = find_survey(self.event.survey_id) if self.event.survey_id else None
        return survey if survey and people.is_asked_guest(self.attendee) else None


def ticket_links_of(ticket: Ticket) -> Sequence[TicketLink]:
    """Materials, recordings and the survey, as far as there are some for the person."""
    place = OpenLink(
        ticket.token, ticket.attendee, ticket.event, _standing(ticket.attendee), ticket.now
    )
    links = []
    if place.materials:
        url = url_for("event_ticket_materials.index", token=ticket.token)
        links.append(TicketLink("資料と録画", url, place=60))
    asked = place.survey
    if asked and state_at(asked.opens_at, asked.closes_at, ticket.now) is SurveyState.OPEN:
        url = url_for("event_ticket_materials.survey", token=ticket.token)
        links.append(TicketLink("アンケートに答える", url, place=20))
    return links


def open_link(token: str) -> OpenLink:
    """The person a token names. It opens until the data of guests is deleted.

    Raises:
        InvalidLink: the token is none of ours.
        GoneLink: it was replaced, or the data is to be deleted.
    """
    now = clock.now()
    attendee_id, version = read_token(LinkPurpose.TICKET, token)
    try:
        attendee = get_attendee(attendee_id)
    except NotFound:
        raise InvalidLink from None
    event = get_event(attendee.event_id)
    if version != attendee.link_version:
        raise GoneLink(REPLACED)
    if now >= due_at(event):
        raise GoneLink(PAST)
    return OpenLink(token, attendee, event, _standing(attendee), now)


def _standing(attendee: Attendee) -> EventStanding:
    return EventStanding(
        is_registered=attendee.state in (AttendeeState.CONFIRMED, AttendeeState.WAITING),
        has_attended=people.has_come(attendee.id),
    )


@blueprint.errorhandler(InvalidLink)
@blueprint.errorhandler(GoneLink)
def gone(error: ProductError) -> tuple[str, int]:
    """A link that opens nothing: nothing of anybody is said."""
    return render_template("event_ticket_materials/gone.html", message=error.message), error.status


@blueprint.get("/materials")
@public
def index(token: str) -> str:
    """Materials and recordings that the person may open, and the way to the survey."""
    place = open_link(token)
    survey = place.survey
    return render_template(
        "event_ticket_materials/index.html",
        place=place,
        event=place.event,
        when=event_when(place.event),
        survey=survey,
        has_answered=survey is not None and has_guest_answered(survey.id, place.attendee.id),
        closes_on=due_at(place.event),
    )


@blueprint.get("/materials/<uuid:material_id>")
@public
def download(token: str, material_id: uuid.UUID) -> Response:
    """A file that the person may open."""
    place = open_link(token)
    for material in place.materials:
        if material.id == material_id and material.file is not None:
            return download_stored(material.file)
    raise NotFound


@blueprint.get("/surveys")
@public
def survey(token: str) -> str:
    """The survey with the form for answering."""
    place = open_link(token)
    asked = _asked(place)
    return _survey_page(place, asked, answer_form(asked, fresh=True))


@blueprint.post("/surveys")
@public
def answer(token: str) -> Response | tuple[str, int]:
    """Take the answers."""
    place = open_link(token)
    asked = _asked(place)
    form = answer_form(asked)
    if status := take_answers(asked, form, GUEST, place.attendee.id):
        return _survey_page(place, asked, form), status
    flash("回答を受け付けました。ありがとうございました。", "success")
    return redirect(url_for("event_ticket_materials.survey", token=token))


def _asked(place: OpenLink) -> Survey:
    survey = place.survey
    if survey is None:
        raise NotFound
    return survey


def _survey_page(place: OpenLink, survey: Survey, form: SurveyAnswerForm) -> str:
    state = state_at(survey.opens_at, survey.closes_at, place.now)
    has_answered = has_guest_answered(survey.id, place.attendee.id)
    return render_template(
        "event_ticket_materials/survey.html",
        place=place,
        event=place.event,
        survey=survey,
        state=state,
        form=form,
        has_answered=has_answered,
        asks=not has_answered and state is SurveyState.OPEN,
    )
