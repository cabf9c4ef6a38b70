"""The vocabulary's pages, put together for the views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import render_template

from embeddings.reading.thesaurus import Concept, ConceptKind
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.matching.terms import queries
from matchmaker.matching.terms.changes import Prospective, prospective, with_terms
from matchmaker.matching.terms.domain import MOST_TERMS, ConceptView, EntryState, concept_id
from matchmaker.matching.terms.forms import ConceptForm, SwitchForm, TermForm, new_terms
from matchmaker.matching.terms.service import NewConcept, NewTerm, found
from matchmaker.posts.vocabularies import DatabaseVocabularies

STATES = [("changed", "変えたもの"), ("off", "止めたものがあるもの")]


def kind_of(code: str) -> ConceptKind | None:
    """The kind that an address or a form names, if there is such a kind."""
    return ConceptKind(code) if code in set(ConceptKind) else None


def state_of(form: SwitchForm) -> EntryState:
    """Whether something is to be switched off (unless told otherwise) or on."""
    wants_active = form.state.data == EntryState.ACTIVE.value
    return EntryState.ACTIVE if wants_active else EntryState.OFF


def done(state: EntryState) -> str:
    """What happened, in words."""
    return "の利用を再開しました。" if state is EntryState.ACTIVE else "の利用を止めました。"


def concept_form() -> ConceptForm:
    """The form of a new concept."""
    materials = [choice.label for choice in DatabaseVocabularies().choices("materials")]
    return ConceptForm.with_values(materials)


def is_whole(form: ConceptForm) -> bool:
    """Whether the form of a new concept can be used; messages are at their fields."""
    is_valid = form.validate_on_submit()
    if kind_of(form.kind.data or "") is None:
        form.add_error("kind", "種類を選んでください。")
        return False
    if not form.fits:
        form.add_error("value", "種類に合う選択肢を選んでください。")
        return False
    if len(new_terms(form)) > MOST_TERMS:
        form.add_error("town", f"ことばは1つの意味に{MOST_TERMS}個までです。")
        return False
    return bool(is_valid)


def new_page(form: ConceptForm, actor: Actor) -> str:
    """The form of a new concept as a page."""
    return render_template("vocabulary/new.html", form=form, actor=actor)


def fresh_term_form(concept: ConceptView) -> TermForm:
    """An empty form for one more word, beside another form that was sent."""
    return TermForm(formdata=None, revision=str(concept.revision))


def show_page(
    concept: ConceptView, form: TermForm, actor: Actor, switch: SwitchForm | None = None
) -> str:
    """One concept as a page.

    Args:
        form: for one more word.
        switch: the form for switching that was sent and has to be mended.
    """
    return render_template(
        "vocabulary/show.html",
        concept=concept,
        form=switch if switch is not None and switch.errors else form,
        term_form=form,
        switch=switch,
        subject_id=concept_id(concept.code),
        waiting=queries.posts_waiting(),
        actor=actor,
    )


def confirm_term(
    concept: ConceptView, form: TermForm, term: NewTerm, shown: Prospective, actor: Actor
) -> str:
    """What another word would do, before it is added."""
    return render_template(
        "vocabulary/confirm_term.html",
        concept=concept, form=form, term=term, shown=shown, token=ConfirmForm(), actor=actor,
    )  # fmt: skip


def confirm_switch(
    concept: ConceptView, form: SwitchForm, text: str, shown: Prospective, actor: Actor
) -> str:
    """What switching a word (or the whole concept) would do, before it is done."""
    return render_template(
        "vocabulary/confirm_switch.html",
        concept=concept, form=form, text=text, shown=shown, token=ConfirmForm(), actor=actor,
        switches_on=state_of(form) is EntryState.ACTIVE,
    )  # fmt: skip


def confirm_concept(
    form: ConceptForm, wanted: NewConcept, words: Sequence[str], actor: Actor
) -> str:
    """What a new concept would do, before it is added."""
    shown = prospective(with_terms(_imagined(wanted), wanted.terms), words, adds=True)
    return render_template(
        "vocabulary/confirm_concept.html",
        form=form, wanted=wanted, shown=shown, token=ConfirmForm(), actor=actor,
    )  # fmt: skip


def _imagined(wanted: NewConcept) -> ConceptView:
    base = Concept(code="own-new", kind=wanted.kind, label=wanted.label, value=wanted.value)
    return ConceptView(
        code=base.code, kind=wanted.kind, label=wanted.label, value=wanted.value,
        source=wanted.source, is_shipped=False, state=EntryState.ACTIVE, reason="", revision=0,
        terms=(), base=replace(base, source=wanted.source),
    )  # fmt: skip


def switch_failed(
    code: str, form: SwitchForm, error: ProductError, actor: Actor
) -> tuple[str, int]:
    """The concept's page with what went wrong; the reason typed is still in its field."""
    concept = found(code)
    form.add_error(error.field, error.message)
    return show_page(concept, fresh_term_form(concept), actor, form), error.status
