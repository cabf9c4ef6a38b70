"""The vocabulary's screen: search, one concept, changes seen before they are saved."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from embeddings.reading.thesaurus import ConceptKind
from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.downloads import download
from matchmaker.core.errors import ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.core.text import clean_line
from matchmaker.matching.terms import policy, queries, service, term_pages
from matchmaker.matching.terms.changes import prospective, switched, with_terms
from matchmaker.matching.terms.domain import KIND_LABELS, checked_side, checked_term
from matchmaker.matching.terms.exports import vocabulary_table
from matchmaker.matching.terms.forms import SwitchForm, TermForm, new_terms, revision_of

INVALID = 422
LONGEST_QUERY = 60
Answer = Redirect | tuple[str, int] | str

blueprint = Blueprint("vocabulary", __name__, url_prefix="/vocabulary")


@blueprint.get("")
def index() -> str:
    """All concepts, with a search."""
    actor = authorize(policy.can_edit_terms(current_actor()))
    text = clean_line(request.args.get("q", ""))[:LONGEST_QUERY]
    kind, state = term_pages.kind_of(request.args.get("kind", "")), request.args.get("state", "")
    number = page_number(request.args.get("page"))
    return render_template(
        "vocabulary/index.html",
        page=queries.concepts_page(number, text=text, kind=kind, state=state),
        text=text,
        kind=kind.value if kind else "",
        state=state,
        kinds=[(k.value, label) for k, label in KIND_LABELS.items()],
        states=term_pages.STATES,
        waiting=queries.posts_waiting(),
        actor=actor,
    )


@blueprint.get("/progress")
def progress() -> Response:
    """How many posts are still to be read anew."""
    authorize(policy.can_edit_terms(current_actor()))
    waiting = queries.posts_waiting()
    # A script shows the share done of what it saw first; the whole is not known here.
    total = max(waiting, request.args.get("total", default=waiting, type=int))
    state = "running" if waiting else "finished"
    return jsonify(state=state, done=max(0, total - waiting), total=total)


@blueprint.get("/export.xlsx")
def export() -> Response:
    """All words as a workbook."""
    authorize(policy.can_edit_terms(current_actor()))
    now = clock.now()
    content = write_xlsx(vocabulary_table(queries.all_concepts(), now))
    return download(content, f"ことば_{clock.today(now):%Y%m%d}.xlsx", XLSX)


@blueprint.get("/new")
def new() -> str:
    """A form for a concept."""
    actor = authorize(policy.can_edit_terms(current_actor()))
    return term_pages.new_page(term_pages.concept_form(), actor)


@blueprint.post("/new")
def edit_new() -> str:
    """The form again with what was typed, on the way back from the second step."""
    actor = authorize(policy.can_edit_terms(current_actor()))
    return term_pages.new_page(term_pages.concept_form(), actor)


@blueprint.post("")
def create() -> Answer:
    """Show what a new concept would do, then add it."""
    actor = authorize(policy.can_edit_terms(current_actor()))
    form = term_pages.concept_form()
    if not term_pages.is_whole(form):
        return term_pages.new_page(form, actor), INVALID
    wanted = service.NewConcept(
        ConceptKind(form.kind.data), form.label.data or "", form.value.data or "",
        form.source.data or "", new_terms(form),
    )  # fmt: skip
    try:
        words = [checked_term(term.text) for term in wanted.terms]
        if not form.confirmed.data:
            return term_pages.confirm_concept(form, wanted, words, actor)
        added = service.add_concept(wanted, actor, clock.now())
    except ProductError as error:
        form.add_error("town" if error.field == "text" else error.field, error.message)
        return term_pages.new_page(form, actor), INVALID
    flash(f"「{added.label}」を加えました。掲載中の文章を読み直しています。", "success")
    return redirect(url_for("vocabulary.show", code=added.code))


@blueprint.get("/<string:code>")
def show(code: str) -> str:
    """One concept with its words."""
    actor = authorize(policy.can_edit_terms(current_actor()))
    concept = service.found(code)
    return term_pages.show_page(concept, TermForm(revision=concept.revision), actor)


@blueprint.post("/<string:code>/terms")
def add_term(code: str) -> Answer:
    """Show what another word would do, then add it."""
    actor = authorize(policy.can_edit_terms(current_actor()))
    concept, form = service.found(code), TermForm()
    if not form.validate_on_submit():
        return term_pages.show_page(concept, form, actor), INVALID
    try:
        side = checked_side(form.side.data or "")
        term = service.NewTerm(checked_term(form.text.data or ""), side, form.source.data or "")
        if not form.confirmed.data:
            shown = prospective(with_terms(concept, [term]), [term.text], adds=True)
            return term_pages.confirm_term(concept, form, term, shown, actor)
        service.add_term(
            code, term, actor, clock.now(), expected_revision=revision_of(form),
            take_over=bool(form.take_over.data),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return term_pages.show_page(service.found(code), form, actor), error.status
    flash(f"「{term.text}」を加えました。掲載中の文章を読み直しています。", "success")
    return redirect(url_for("vocabulary.show", code=code))


@blueprint.post("/<string:code>/term-switches")
def switch_term(code: str) -> Answer:
    """Show what switching a word would do, then switch it."""
    return _switch(code, authorize(policy.can_edit_terms(current_actor())), is_word=True)


@blueprint.post("/<string:code>/switches")
def switch(code: str) -> Answer:
    """Show what switching a whole concept would do, then switch it."""
    return _switch(code, authorize(policy.can_edit_terms(current_actor())), is_word=False)


def _switch(code: str, actor: Actor, *, is_word: bool) -> Answer:
    concept, form = service.found(code), SwitchForm()
    if not form.validate_on_submit():
        fresh = term_pages.fresh_term_form(concept)
        return term_pages.show_page(concept, fresh, actor, form), INVALID
    word, state = (form.text.data or "") if is_word else None, term_pages.state_of(form)
    try:
        if not form.confirmed.data:
            shown = prospective(*switched(concept, word, state), adds=False)
            return term_pages.confirm_switch(concept, form, word or "", shown, actor)
        service.switch(
            code, word, state, form.reason.data or "", actor, clock.now(),
            expected_revision=revision_of(form),
        )  # fmt: skip
    except ProductError as error:
        return term_pages.switch_failed(code, form, error, actor)
    done = term_pages.done(state)
    flash(f"「{word or concept.label}」{done}掲載中の文章を読み直しています。", "success")
    return redirect(url_for("vocabulary.show", code=code))
