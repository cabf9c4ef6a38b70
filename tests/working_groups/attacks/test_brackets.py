"""JSON in hidden fields that is made to break its reader."""

from __future__ import annotations

import json

import pytest

from matchmaker.questions.entries import settled_options
from matchmaker.working_groups.proposals.forms import read_bases

DEEP = "[" * 9_000


@pytest.mark.parametrize(
    "text", [DEEP, "{" * 50, "null", "[]", '"x"', "1", "\ud800", '{"plan": ' + "9" * 5000 + "}"]
)
def test_bases_that_make_no_sense_are_none(text: str) -> None:
    assert read_bases(text) == {}


def test_bases_are_revisions_that_may_exist() -> None:
    sent = {"a": 1, "b": 0, "c": -1, "d": True, "e": 10**30, "f": "1", "g": [1], "h": 1.5}
    assert read_bases(json.dumps(sent)) == {"a": 1}


@pytest.mark.parametrize("stored", [DEEP, "null", "{}", "[1]", '[{"id": 1}]', "\x00"])
def test_options_survive_broken_ids(stored: str) -> None:
    assert [option["label"] for option in settled_options(["竹", "木"], stored)] == ["竹", "木"]
