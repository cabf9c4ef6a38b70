"""Quantities, days and texts that cannot be meant, through every form of introductions to pilots.

Texts that break out are sent through all forms of the product in ``tests/working_groups/attacks``.
"""

from __future__ import annotations

import pytest

from tests.architecture.world import World
from tests.attacks.found_forms import FoundForm, send, stored
from tests.attacks.hostile_texts import broken_by

EXPECTED = {
    "introductions.create", "introductions.move", "introduction_board.move",
    "matches.post_message", "matches.new_fact", "matches.edit_fact",
    "matches.new_file", "matches.edit_next_step", "matches.propose_dates", "matches.agree",
    "matches.shift", "matches.cancel", "matches.end", "post_questions.ask", "post_questions.move",
    "coalitions.answer", "coalitions.close", "coalitions.send_letter", "coalition_rates.update",
    "consortia.create", "consortia.update", "consortia.invite", "consortia.add_external",
    "consortia.agree", "consortia.accept", "consortia.leave", "consortia.change_roles",
    "consortia.offer_lead", "consortia.answer_lead", "consortia.end", "consortia.correct",
    "consortium_documents.save_approval", "consortium_documents.take_pack",
    "returned_packs.discard", "support_programmes.create", "support_programmes.update",
    "consortium_programmes.save_figures", "pilots.create", "pilots.update", "pilots.update_rows",
    "pilots.end", "pilots.move", "pilots.hand_in_report", "pilots.save_case_draft",
}  # fmt: skip
MORE: dict[str, str] = {
    "ten thousand": "長" * 10_000,
    "right to left": "\u202eかえで\u2066.txt",
    "wrong unit": "120kg",
    "absurd": "99999999999999999999",
    "fraction": "0.00000000001",
    "no number": "NaN",
    "29 February": "2027-02-29",
}
REFUSALS = {413: "大きすぎ", 422: "field__error", 409: "変え"}
"""What stands on the page of each refusal."""


def test_the_forms_of_all_pages_are_found(forms: list[FoundForm]) -> None:
    assert EXPECTED - {form.endpoint for form in forms} == set()


@pytest.mark.parametrize("name", MORE)
def test_no_text_breaks_a_command(attacked: World, forms: list[FoundForm], name: str) -> None:
    """In all fields at once, and in the hidden ones and choices too."""
    assert broken_by(attacked, forms, MORE[name]) == []


def test_a_million_characters_are_refused_in_words(attacked: World, forms: list[FoundForm]) -> None:
    """A megabyte reaches the field and is told there; three are too large for any form."""
    typed = [
        (form, each.name)
        for form in forms
        for each in [each for each in form.inputs if each.asks_for_words][-1:]
    ]
    attacked.restore()
    before, wrong = stored(attacked), []
    for place, (form, name) in enumerate(typed):
        text = ("長" if place == 0 else "a") * 1_000_000
        answer = send(attacked, form, form.filled({name: text}))
        words = REFUSALS.get(answer.status_code, "")
        if not words or words not in answer.text:
            wrong.append((form.endpoint, name, answer.status_code))
        if answer.status_code < 400:
            attacked.restore()
    assert wrong == []
    assert stored(attacked) == before
