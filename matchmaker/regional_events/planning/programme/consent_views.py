"""The page behind the link in the mail to a speaker; nobody signs in here.

Opening it changes nothing: programs that look through mail open links as well.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import public
from matchmaker.core.errors import ProductError
from matchmaker.core.signed_links import InvalidLink, read
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.notices import event_when
from matchmaker.regional_events.planning.programme import queries, speakers
from matchmaker.regional_events.planning.programme.domain import CONSENT_LABELS, LINK_PURPOSE
from matchmaker.regional_events.planning.programme.forms import ConsentForm
from matchmaker.regional_events.planning.programme.models import Speaker
from matchmaker.regional_events.planning.programme.presentation import is_shown
from matchmaker.regional_events.planning.programme.speaker_views import picture_of
from matchmaker.regional_events.planning.programme.typed import upload_of
from matchmaker.regional_events.planning.queries import get_event

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("speaker_consents", __name__, url_prefix="/speaker-consents/<string:token>")


@blueprint.get("")
@public
def show(token: str) -> Answer:
    """What will be shown of the speaker, and the form for an answer."""
    speaker = speaker_behind(token)
    form = ConsentForm(data={"biography": speaker.biography})
    if speaker.consent_at is not None:
        form.answer.data = "yes" if is_shown(speaker) else "no"
    return _page(token, speaker, form)


@blueprint.post("")
@public
def update(token: str) -> Answer:
    """Take corrections and the answer."""
    speaker, form = speaker_behind(token), ConsentForm()
    is_valid, agrees = form.validate_on_submit(), form.agrees()
    if not is_valid or agrees is None:
        return _page(token, speaker, form)
    try:
        speakers.answer_as_speaker(
            speaker, agrees=agrees, biography=form.biography.data or "",
            portrait=upload_of(form.portrait), removes_portrait=bool(form.removes_portrait.data),
            now=clock.now(), expected_revision=whole_number(form.revision.data),
        )  # fmt: skip
    except ProductError as error:
        form.refuse(error)
        return _page(token, speaker, form)
    flash("ありがとうございます。お答えを受け付けました。", "success")
    return redirect(url_for(".show", token=token))


@blueprint.get("/portrait")
@public
def portrait(token: str) -> Response:
    """The picture as it would be shown."""
    return picture_of(speaker_behind(token))


def speaker_behind(token: str) -> Speaker:
    """The speaker whose link this is.

    Raises:
        InvalidLink: it is forged, or void because the address changed or the speaker is gone.
    """
    speaker_id, version = read(LINK_PURPOSE, token)
    speaker = queries.find_speaker(speaker_id)
    if speaker is None or speaker.link_version != version:
        raise InvalidLink
    return speaker


def _page(token: str, speaker: Speaker, form: ConsentForm) -> Answer:
    event = get_event(speaker.event_id)
    form.revision.data = str(speaker.revision)
    page = render_template(
        "speaker_consents/show.html",
        token=token,
        speaker=speaker,
        event=event,
        when=event_when(event),
        appearances=queries.appearances_of(speaker.id),
        form=form,
        labels=CONSENT_LABELS,
        is_shown=is_shown(speaker),
    )
    return (page, INVALID) if form.errors or form.form_errors else page
