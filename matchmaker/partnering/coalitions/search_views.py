"""Pages that look for coalitions, from a need or from an offering, and ask the chosen group."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.formatting import format_number
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.offerings.models import Offering
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.coalitions import policy, presentation, queries, service
from matchmaker.partnering.coalitions.answers import best_groups, obstacle_of, shortage_of
from matchmaker.partnering.coalitions.domain import NOTE_LENGTH
from matchmaker.partnering.coalitions.forms import (
    ChoiceForm,
    SearchForm,
    search_args,
    submission_key,
)
from matchmaker.partnering.coalitions.gathering import (
    Gathered,
    Gatherer,
    Wish,
    materials_called,
)
from matchmaker.partnering.coalitions.takers import Takers, takers_of
from matchmaker.posts import queries as posts
from matchmaker.posts.content import tag_values
from matchmaker.posts.types import PostType

INVALID = 422
NOBODY = "同じ品目を受け入れ、最低の量を決めているシーズが見つかりません。"
Answer = str | Redirect | tuple[str, int]
from_needs = Blueprint("need_coalitions", __name__, url_prefix="/needs/<uuid:post_id>/coalitions")
from_offerings = Blueprint(
    "offering_coalitions", __name__, url_prefix="/offerings/<uuid:post_id>/coalitions"
)


def open_start(post_type: PostType, post_id: uuid.UUID) -> Any:
    """The published post that one starts from, for its writers and the secretariat.

    Raises:
        NotFound: there is no such post.
        NotAllowed: the person may not write for it, or it is not published.
    """
    post = posts.get(post_type, post_id)
    if post is None:
        raise NotFound
    authorize(policy.can_form(current_actor(), post))
    return post


@from_needs.get("/new")
def new_from_need(post_id: uuid.UUID) -> Answer:
    """Look for groups with this need."""
    return _search_page(open_start(NEED, post_id), _search_form())


@from_needs.post("")
def create_from_need(post_id: uuid.UUID) -> Answer:
    """Ask the chosen group with this need."""
    return _create(open_start(NEED, post_id))


@from_offerings.get("/new")
def new_from_offering(post_id: uuid.UUID) -> Answer:
    """Look for groups that reach the minimum lot of this offering."""
    return _search_page(open_start(OFFERING, post_id), _search_form())


@from_offerings.post("")
def create_from_offering(post_id: uuid.UUID) -> Answer:
    """Ask the chosen group for this offering."""
    return _create(open_start(OFFERING, post_id))


def _search_form() -> SearchForm:
    if request.args:
        return SearchForm(request.args, meta={"csrf": False})
    return SearchForm(formdata=None, data=SearchForm.usual(), meta={"csrf": False})


def _takers(post: Any) -> Takers:
    if isinstance(post, Offering):
        return Takers([post], [])
    return takers_of(post, tag_values(post).get("materials", []))


def _wish(post: Any, form: SearchForm, offerings: Sequence[Offering]) -> Wish | None:
    """The search; None when nothing takes the material or something has to be mended."""
    form.offer("offering", [(str(each.id), _label(each)) for each in offerings])
    chosen = next((each for each in offerings if str(each.id) == form.offering.data), None)
    if chosen is None:
        return None
    taken = tag_values(chosen).get("input_materials", [])
    need = post if isinstance(post, Need) else None
    own = tag_values(need).get("materials", []) if need is not None else taken
    materials = materials_called(code for code in own if code in taken)
    form.offer("material", [(each.code, each.name) for each in materials])
    if need is None:
        form.around.data = ""  # of a town; the page that begins with an offering has no such field
    numbers = form.numbers()
    if numbers is None or not materials:
        return None
    km, around, members = numbers
    return Wish(
        chosen, str(form.material.data), need, km, members, bool(form.estimates.data), around
    )


def _label(offering: Offering) -> str:
    lot = offering.minimum_lot_tonnes_per_year
    least = f"（最低 {format_number(lot, 3)} t/年）" if lot else ""
    return f"{offering.organization.name}：{offering.title}{least}"


def _search_page(post: Any, form: SearchForm, choice: ChoiceForm | None = None) -> Answer:
    takers = _takers(post)
    wish = _wish(post, form, takers.offerings)
    found = None
    if wish is not None:
        try:
            found = _found(wish)
        except ProductError as error:
            _tell(form, post, error)
    page = render_template(
        "coalitions/new.html",
        post=post,
        is_need=isinstance(post, Need),
        form=form,
        takers=takers,
        choice=choice or _fresh_choice(),
        wish=wish,
        wish_args=search_args(wish) if wish else {},
        found=found,
        rate=queries.rate_of(wish.material_code) if wish else None,
    )
    has_errors = form.errors or form.form_errors or (choice and choice.form_errors)
    return (page, INVALID) if has_errors else page


def _tell(form: SearchForm, post: Any, error: ProductError) -> None:
    """Put a message at its field; the page of an offering has no field to choose another."""
    is_drawn = error.field != "offering" or isinstance(post, Need)
    form.add_error(error.field if is_drawn else None, error.message)


def _fresh_choice() -> ChoiceForm:
    """The form of a group; words written before a search was mended come along."""
    note = request.args.get("note", "")[:NOTE_LENGTH]
    return ChoiceForm(formdata=None, submission_key=uuid.uuid4().hex, note=note)


def _found(wish: Wish) -> dict[str, Any]:
    """Groups, or what is missing, with the posts that do not fit."""
    gathered = Gatherer(wish).gather()
    shown: dict[str, Any] = {"gathered": gathered, "groups": [], "obstacle": obstacle_of(gathered)}
    if shown["obstacle"]:
        return shown
    answers = best_groups(gathered, wish.max_members)
    business = wish.offering.organization.name
    shown["groups"] = [
        presentation.shown_group(each, gathered, business) for each in answers.groups
    ]
    if not answers.groups:
        shown |= {"is_complete": answers.is_complete, **_missing(gathered, wish, business)}
    return shown


def _missing(gathered: Gathered, wish: Wish, business: str) -> dict[str, Any]:
    """What the page shows where no group reaches the lot."""
    shortage = shortage_of(gathered, wish.max_members)
    rows = presentation.town_row
    return {
        "shortage": shortage,
        "closers": [rows(each) for each in shortage.closers],
        "largest": [rows(each) for each in shortage.largest],
        "nearest": [rows(each) for each in shortage.towns],
        "closing_keys": [
            ",".join(town.key for town in (*shortage.towns, closer)) for closer in shortage.closers
        ],
        "places": presentation.map_places(
            gathered.plant, business, shortage.towns, gathered.towns, shortage.closers
        ),
    }


def _create(post: Any) -> Answer:
    form = ChoiceForm()
    form.validate()
    wish = _wish(post, form, _takers(post).offerings)
    if wish is None or form.errors:
        if not form.errors:
            form.add_error(None, NOBODY)
        return _search_page(post, form, form)
    choice = service.Choice(
        form.chosen(), form.note.data or "", submission_key(form.submission_key.data)
    )
    try:
        coalition = service.form(wish, choice, current_actor(), clock.now())
    except ProductError as error:
        _tell(form, post, error)
        return _search_page(post, form, form)
    flash("声をかけました。返事があるとメールが届きます。", "success")
    return redirect(url_for("coalitions.show", coalition_id=coalition.id))
