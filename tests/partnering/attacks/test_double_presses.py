"""Buttons pressed twice, forms sent again with the way back, and forms from an old tab."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import timedelta

import html5lib

from matchmaker.core import clock
from matchmaker.core.clock import today
from tests.architecture.world import World
from tests.attacks.found_forms import PARTS_OF_MOMENTS, FoundForm, Pairs, send

KEEP = "keep"
"""Button that keeps a draft of a report."""
NOT_COUNTED = {"audit_entries", "form_stashes"}
NEAR = today(clock.now()) + timedelta(days=20)
PARTS = {"-year": str(NEAR.year), "-month": str(NEAR.month), "-day": str(NEAR.day)}
OWN_TO_EACH_VERSION = {("consortia.update", "note")}
"""What is said about one version stands beside what the other tab said about its own."""
TWICE_IS_MEANT = {
    "coalitions.ask_again",
    "matches.new_file",
    "consortium_documents.save_approval",
}


def near(form: FoundForm) -> Pairs:
    """What a browser would send, with days that lie a little ahead."""
    changes = {}
    for each in form.inputs:
        for ending, value in PARTS.items():
            if each.name.endswith(ending) and each.value in {PARTS_OF_MOMENTS[ending], ""}:
                changes[each.name] = value
    return form.filled(changes)


def with_word(form: FoundForm, name: str, text: str) -> Pairs:
    """The same with another text in one field; handed in, not kept as a draft."""
    return [(each, text if each == name else value) for each, value in near(form) if each != KEEP]


def counts(world: World) -> Counter[str]:
    """How many rows each table has."""
    found: Counter[str] = Counter()
    with sqlite3.connect(world.app.config["SQLALCHEMY_DATABASE_URI"][10:]) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in names.fetchall():
            if name not in NOT_COUNTED:
                query = f'SELECT COUNT(*) FROM "{name}"'  # noqa: S608 - names of tables
                found[name] = connection.execute(query).fetchone()[0]
    connection.close()
    return found


def test_the_second_press_writes_no_more_rows_and_no_more_mail(
    attacked: World, forms: list[FoundForm]
) -> None:
    """A double click and the way back both send the same form again."""
    grown, done = [], set()
    for form in forms:
        pairs = near(form)
        first = send(attacked, form, pairs).status_code
        if first < 400:
            done.add(form.endpoint)
            before = counts(attacked)
            again = send(attacked, form, pairs).status_code
            more = counts(attacked) - before
            if more or again >= 500:
                grown.append((form.endpoint, again, dict(more)))
            attacked.restore()
    assert [each for each in grown if each[0] not in TWICE_IS_MEANT] == []
    assert len(done) > 25, sorted({form.endpoint for form in forms} - done)


def test_what_was_typed_comes_back_when_another_tab_was_faster(
    attacked: World, forms: list[FoundForm]
) -> None:
    """Two tabs with the same page: the slower one gets its words back and overwrites nothing."""
    lost, tried = [], set()
    for form in forms:
        revised = [each for each in form.inputs if each.name.endswith("revision")]
        typed = [
            each.name
            for each in form.inputs
            if each.asks_for_words and (form.endpoint, each.name) not in OWN_TO_EACH_VERSION
        ]
        if not revised or not typed:
            continue
        faster = send(attacked, form, with_word(form, typed[-1], "はやいほう"))
        if faster.status_code < 400:
            words = "おそいほうのことば"
            answer = send(attacked, form, with_word(form, typed[-1], words))
            tried.add(form.endpoint)
            if answer.status_code not in {403, 404, 409, 422} or words not in answer.text:
                lost.append((form.endpoint, answer.status_code))
            # Whoever was told may send it again, and is not told so for ever.
            if answer.status_code == 409 and revised[0].value in revisions(answer.text, form):
                lost.append((f"{form.endpoint} stays old", answer.status_code))
        attacked.restore()
    assert lost == []
    assert len(tried) > 5, tried


def test_a_mistake_does_not_make_an_old_form_new(attacked: World, forms: list[FoundForm]) -> None:
    """Somebody else saved; the old form is sent with a mistake, and stays as old as it is."""
    renewed, tried = [], set()
    for form in forms:
        typed = [each.name for each in form.inputs if each.asks_for_words]
        old = [each.value for each in form.inputs if each.name.endswith("revision")]
        if not old or not typed:
            continue
        if send(attacked, form, with_word(form, typed[-1], "はやいほう")).status_code < 400:
            for mistake in ("", "長" * 10_000):
                answer = send(attacked, form, with_word(form, typed[-1], mistake))
                drawn = revisions(answer.text, form)
                if answer.status_code == 422 and drawn:
                    tried.add(form.endpoint)
                    renewed += [form.endpoint] if drawn != old else []
        attacked.restore()
    assert renewed == []
    assert tried >= {"matches.edit_fact", "matches.edit_next_step", "post_questions.move"}, tried


def revisions(page: str, form: FoundForm) -> list[str]:
    """What the page holds for the revision of a form; nothing where it is not drawn."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    names = {each.name for each in form.inputs if each.name.endswith("revision")}
    return [str(each.get("value")) for each in tree.iter("input") if each.get("name") in names]
