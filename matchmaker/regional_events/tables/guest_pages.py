"""The page of one person: answer, timetable, what came of each meeting.

It is reached signed in, or by the link of the ticket; both show and do the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, redirect, render_template
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from matchmaker.core.actor import Actor
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.settings import current_settings
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import outcomes, policy, queries, service
from matchmaker.regional_events.tables.calendar_entries import timetable_calendar
from matchmaker.regional_events.tables.domain import VERDICT_LABELS
from matchmaker.regional_events.tables.forms import AnswerForm, OutcomeForm, answer_values
from matchmaker.regional_events.tables.models import MeetingOutcome, TableGuest, TablePlan
from matchmaker.regional_events.tables.timetables import Companion, Sitting, VersionView

INVALID = 422
CALENDAR_TYPE = "text/calendar; charset=utf-8"
Answer = str | Redirect | tuple[str, int]
Stash = MultiDict[str, str] | None


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place at the tables of an event.

    Args:
        address: the address of one of the person's pages, by its name (``show``, ``answer``,
            ``calendar``, ``outcome``).
        back: the page of the event or the ticket.
        by_link: whether the person came by the link of the ticket.
    """

    event: RegionalEvent
    plan: TablePlan
    attendee: Attendee
    actor: Actor
    now: datetime
    address: Callable[..., str]
    back: str
    by_link: bool

    @property
    def guest(self) -> TableGuest | None:
        """What the person answered."""
        return queries.guest_of(self.plan.id, self.attendee.id)

    @property
    def may_answer(self) -> bool:
        """Whether the person may still answer."""
        return policy.can_answer_now(self.plan, self.attendee, self.now)


OutcomeKey = tuple[int, uuid.UUID]


@dataclass(frozen=True, slots=True)
class GuestPage:
    """What the page shows: timetable, and what was said of each meeting by either side."""

    sittings: tuple[Sitting, ...]
    version: VersionView | None
    own: Mapping[OutcomeKey, MeetingOutcome]
    theirs: Mapping[OutcomeKey, MeetingOutcome]


def guest_page(place: Place, guest: TableGuest | None) -> GuestPage:
    """Everything about one person's meetings in the version in force."""
    released = queries.version_in_force(place.plan.id)
    if guest is None or released is None:
        return GuestPage((), None, {}, {})
    view = VersionView(released)
    said = queries.outcomes_between(guest.id)
    return GuestPage(
        tuple(view.timetable(guest.id)),
        view,
        {(each.slot, each.partner_id): each for each in said if each.guest_id == guest.id},
        {(each.slot, each.guest_id): each for each in said if each.partner_id == guest.id},
    )


def show_page(place: Place, form: AnswerForm | None = None, stash: Stash = None) -> Answer:
    """The page of a person, with an answer that has to be mended if there is one."""
    guest = place.guest
    if form is None:
        form = AnswerForm(stash, data=answer_values(guest))
    form.offer(
        queries.own_posts(place.attendee.organization_id),
        queries.organizations_there(place.event.id, place.attendee.organization_id),
    )
    page = render_template(
        "event_tables/mine.html",
        place=place,
        event=place.event,
        guest=guest,
        shown=guest_page(place, guest),
        form=form,
        labels=VERDICT_LABELS,
    )
    return (page, INVALID) if form.errors or form.form_errors else page


def answer(place: Place) -> Answer:
    """Keep the answer of a person."""
    form = AnswerForm()
    if not place.may_answer:
        flash("回答の期限を過ぎています。変えたいときは、事務局に連絡してください。", "error")
        return redirect(place.address("show"))
    given = form.given()
    if given is None:
        return show_page(place, form)
    try:
        service.answer(
            place.plan, place.attendee, given, place.actor, place.now,
            expected_revision=whole_number(form.revision.data) or 0,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return show_page(place, form)
    flash("回答を保存しました。期限までは、いつでも変えられます。", "success")
    return redirect(place.address("show"))


def calendar(place: Place) -> Response:
    """The meetings of a person as a calendar file.

    Raises:
        NotFound: no timetable was released.
    """
    guest = place.guest
    shown = guest_page(place, guest)
    if guest is None or shown.version is None:
        raise NotFound
    url = current_settings().resolved_public_url()
    content = timetable_calendar(place.event, guest, shown.version, url, place.now)
    return download(content, "対話の時間割.ics", CALENDAR_TYPE)


def outcome_page(
    place: Place,
    slot: int,
    partner_id: uuid.UUID,
    form: OutcomeForm | None = None,
    stash: Stash = None,
) -> Answer:
    """The form for what came of one meeting.

    Raises:
        NotFound: the two do not sit together in that slot.
    """
    shown = guest_page(place, place.guest)
    sitting, companion = _companion(shown, slot, partner_id)
    said = shown.own.get((slot, partner_id))
    if form is None:
        form = OutcomeForm(stash, data=_said(said))
    page = render_template(
        "event_tables/outcome.html",
        place=place,
        event=place.event,
        sitting=sitting,
        companion=companion,
        theirs=shown.theirs.get((slot, partner_id)),
        form=form,
        labels=VERDICT_LABELS,
    )
    return (page, INVALID) if form.errors or form.form_errors else page


def _said(said: MeetingOutcome | None) -> dict[str, str]:
    if said is None:
        return {"revision": "0"}
    return {"verdict": said.verdict.value, "note": said.note, "revision": str(said.revision)}


def _companion(shown: GuestPage, slot: int, partner_id: uuid.UUID) -> tuple[Sitting, Companion]:
    for sitting in shown.sittings:
        for companion in sitting.companions:
            if sitting.slot.number == slot and companion.guest_id == partner_id:
                return sitting, companion
    raise NotFound


def record(place: Place, slot: int, partner_id: uuid.UUID) -> Answer:
    """Keep what a person says of one meeting."""
    form, guest = OutcomeForm(), place.guest
    _companion(guest_page(place, guest), slot, partner_id)
    verdict = form.chosen()
    if verdict is None or guest is None:
        return outcome_page(place, slot, partner_id, form)
    said = outcomes.OutcomeData(
        slot, partner_id, verdict, form.note.data or "", whole_number(form.revision.data) or 0
    )
    try:
        outcomes.record_outcome(place.plan, guest, said, place.actor, place.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return outcome_page(place, slot, partner_id, form)
    flash("結果を記録しました。", "success")
    return redirect(place.address("show"))
