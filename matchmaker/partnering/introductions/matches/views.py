"""Pages of matches: the list, the shared page, its thread, its end."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.db import new_id
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import ProductForm
from matchmaker.core.navigation import url_if_exists
from matchmaker.core.paging import page_number
from matchmaker.partnering.introductions.domain import REASON_LABELS, ReasonCode, Side
from matchmaker.partnering.introductions.matches import policy, presentation, queries, service
from matchmaker.partnering.introductions.matches.domain import (
    APPOINTMENT_LABELS,
    MATCH_LABELS,
    MatchState,
    is_over,
)
from matchmaker.partnering.introductions.matches.forms import EndForm, MessageForm, RevisionForm
from matchmaker.partnering.introductions.matches.models import Match

INVALID, CONFLICT = 422, 409
Answer = Response | str | tuple[str, int]
FormKind = TypeVar("FormKind", bound=ProductForm)
blueprint = Blueprint("matches", __name__, url_prefix="/matches")
TONES = {MatchState.TALKING: "open", MatchState.ENDED: "closed", MatchState.UNDONE: "closed"}


@dataclass(frozen=True, slots=True)
class Place:
    """A match with who looks at it and when."""

    match: Match
    actor: Actor
    now: datetime

    @property
    def url(self) -> str:
        """The shared page."""
        return url_for("matches.show", match_id=self.match.id)

    @property
    def side(self) -> Side | None:
        """The reader's side, None for the secretariat."""
        return policy.side_of(self.actor, self.match.introduction)

    def name_of(self, side: str) -> str:
        """Name of the organisation of a side (a word of :class:`Side`)."""
        return presentation.organization_at(self.match, Side(side)).name

    def author(self, side: Side | None, name: str) -> str:
        """Who wrote something."""
        return presentation.author_in_words(self.match, side, name)


def readable(match_id: uuid.UUID) -> Place:
    """The match, for those who may read its page."""
    match = queries.get(match_id)
    actor = authorize(policy.can_view(current_actor(), match), hidden=True)
    return Place(match, actor, clock.now())


def writable(match_id: uuid.UUID) -> Place:
    """The match, for those who write on its page; over or undone, it is told by the command."""
    place = readable(match_id)
    authorize(policy.writes(place.actor, place.match))
    return place


def opened_form(kind: type[FormKind], **values: Any) -> FormKind:
    """A form with what was sent, with what was typed before the session ended, or ``values``."""
    if request.method == "POST":
        return kind(**values)
    return kind(stashed_values(request.path), **values)


def tried(form: ProductForm, command: Callable[[], Any]) -> int | None:
    """Carry a command out; messages go to their fields.

    Returns:
        None when it was done, else the status to answer with.
    """
    if not form.validate_on_submit():
        return INVALID
    try:
        command()
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        return CONFLICT
    except ProductError as error:
        form.add_error(error.field, error.message)
        return INVALID
    return None


def renew(form: RevisionForm, revision: int, status: int) -> None:
    """Let the form name the present revision once its sender was told that another was faster.

    After a mistake it keeps its own: else the corrected form would overwrite what nobody read.
    """
    if status == CONFLICT:
        form.revision.data = str(revision)


def pressed(place: Place, command: Callable[[], Any], done: str, anchor: str) -> Response:
    """Carry out what a single button does, and go back to its part of the page."""
    try:
        command()
    except ProductError as error:
        flash(error.message, "error")
    else:
        flash(done, "success")
    return redirect(f"{place.url}#{anchor}")


@blueprint.get("")
def index() -> str:
    """Matches of one's organisations, newest change first; all for the secretariat."""
    actor = authorize(policy.can_list(current_actor()))
    word = request.args.get("state", "")
    state = MatchState(word) if word in list(MatchState) else None
    page = queries.own_matches(actor, state, page_number(request.args.get("page")))
    return render_template(
        "matches/index.html",
        page=page,
        chosen=state,
        labels=MATCH_LABELS,
        marks=_marks(page.items, actor),
        organization_at=presentation.organization_at,
        sides=Side,
        now=clock.now(),
    )


def _marks(matches: Sequence[Match], actor: Actor) -> dict[uuid.UUID, tuple[str, str]]:
    """The state of each match in words, with its tone; the warm one for what waits for oneself."""
    proposed = queries.with_proposed_dates([match.id for match in matches])
    marks = {match.id: (MATCH_LABELS[match.state], TONES[match.state]) for match in matches}
    for match in matches:
        if match.id not in proposed:
            continue
        own, by = policy.side_of(actor, match.introduction), proposed[match.id]
        if own is None or own is by:
            marks[match.id] = ("相手の日程の返事待ち" if own else "日程の返事待ち", "draft")
        else:
            marks[match.id] = ("日程の返事をお願いします", "wait")
    return marks


@blueprint.get("/<uuid:match_id>")
def show(match_id: uuid.UUID) -> str:
    """The shared page."""
    place = readable(match_id)
    form = MessageForm(stashed_values(request.path), key=new_id().hex)
    return shared_page(place, form)


@blueprint.post("/<uuid:match_id>")
def post_message(match_id: uuid.UUID) -> Answer:
    """Write into the thread."""
    place, form = writable(match_id), MessageForm()
    text, key = form.text.data or "", form.key.data or ""
    status = tried(
        form, lambda: service.post_message(place.match, text, key, place.actor, place.now)
    )
    if status:
        return shared_page(place, form), status
    flash("メッセージを送りました。", "success")
    return redirect(f"{place.url}#thread")


@blueprint.post("/<uuid:match_id>/people")
def join(match_id: uuid.UUID) -> Response:
    """Stand as a contact."""
    place = writable(match_id)
    return pressed(
        place, lambda: service.join(place.match, place.actor, place.now),
        "連絡先に加わりました。", "contacts",
    )  # fmt: skip


@blueprint.post("/<uuid:match_id>/people/departures")
def leave(match_id: uuid.UUID) -> Response:
    """Stand as a contact no longer."""
    place = readable(match_id)
    return pressed(
        place, lambda: service.leave(place.match, place.actor, place.now),
        "連絡先から外れました。", "contacts",
    )  # fmt: skip


@blueprint.route("/<uuid:match_id>/endings", methods=["GET", "POST"])
def end(match_id: uuid.UUID) -> Answer:
    """End the talks with a reason."""
    place = writable(match_id)
    form = opened_form(EndForm, revision=str(place.match.revision))
    if request.method == "GET":
        return form_page(place, "matches/end.html", form)
    word = form.reason_code.data or ""
    code = ReasonCode(word) if word in list(ReasonCode) else None
    status = tried(
        form,
        lambda: service.end(
            place.match, code, form.reason.data or "", form.expected, place.actor, place.now
        ),
    )
    if status:
        renew(form, place.match.revision, status)
        return form_page(place, "matches/end.html", form), status
    flash("話し合いを終えました。記録はこのまま読めます。", "success")
    return redirect(place.url)


@blueprint.post("/<uuid:match_id>/resumptions")
def resume(match_id: uuid.UUID) -> Response:
    """Take the talks up again."""
    place, form = writable(match_id), RevisionForm()
    return pressed(
        place, lambda: service.resume(place.match, form.expected, place.actor, place.now),
        "話し合いを再開しました。", "thread",
    )  # fmt: skip


def form_page(place: Place, template: str, form: ProductForm, **more: Any) -> str:
    """A page around one form about a match."""
    return render_template(template, place=place, match=place.match, form=form, **more)


def shared_page(place: Place, form: MessageForm) -> str:
    """The shared page with everything on it."""
    match, actor = place.match, place.actor
    people, facts = queries.people_of(match), queries.facts_of(match.id)
    appointments = queries.appointments_of(match.id)
    shows_contacts = policy.can_see_contacts(actor, match)
    return render_template(
        "matches/show.html",
        place=place,
        match=match,
        form=form,
        state_label=MATCH_LABELS[match.state],
        tone=TONES[match.state],
        reason_labels=REASON_LABELS,
        appointment_labels=APPOINTMENT_LABELS,
        cards=presentation.contact_cards(match, people) if shows_contacts else [],
        is_contact=any(person.user_id == actor.user_id for person in people),
        owner=presentation.owner_in_words(match),
        waits=sorted(
            presentation.waits_of(match, appointments, facts, place.now),
            key=lambda wait: wait.side not in (place.side, None),
        ),
        facts=facts,
        files=queries.files_of(match.id),
        appointments=appointments,
        span=presentation.span_in_words,
        is_over=is_over,
        now=place.now,
        thread=queries.messages_of(match.id, page_number(request.args.get("page"))),
        may_write=policy.can_write(actor, match),
        may_join=policy.can_join(actor, match),
        may_move=policy.can_move(actor, match),
        today=clock.today(place.now),
        consortium_url=consortium_url(place),
        lineage_url=url_if_exists("lineage.show", kind="match", record_id=match.id),
    )


def consortium_url(place: Place) -> str | None:
    """Where a consortium is begun from this match, for those who write in it."""
    if not policy.can_write(place.actor, place.match):
        return None
    return url_if_exists("consortia.new", match=place.match.id)
