"""Text that is made to break out: of pages, mails, tables, calendars, limits and databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.architecture.access_parts import ROWS
from tests.architecture.world import World
from tests.attacks.found_forms import FoundForm
from tests.attacks.hostile_texts import (
    HUGE,
    TEXTS,
    answers,
    broken_by,
    check_mails,
    check_that_texts_stay_texts,
    keepers_of,
    soil,
)


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_breaks_a_command(attacked: World, forms: list[FoundForm], name: str) -> None:
    """In all fields at once, and in the hidden ones and choices too."""
    assert broken_by(attacked, forms, TEXTS[name]) == []


def test_a_million_bytes_are_refused_in_words(attacked: World, forms: list[FoundForm]) -> None:
    assert keepers_of(attacked, forms, HUGE) == []


@pytest.fixture(scope="module")
def soiled(attacked: World, forms: list[FoundForm]) -> Iterator[World]:
    """The world after the same attack on all its forms, one after the other."""
    soil(attacked, forms)
    yield attacked
    attacked.restore()


def test_what_was_typed_stays_text(soiled: World) -> None:
    shown = [check_that_texts_stay_texts(answer) for answer in answers(soiled, ROWS)]
    assert any(shown), "the attack is to be seen somewhere, as text"


def test_no_subject_and_no_calendar_takes_a_header(soiled: World) -> None:
    check_mails(soiled)
