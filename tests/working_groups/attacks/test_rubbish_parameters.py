"""Rubbish in the query of an address gives a page, a redirect or a refusal, never an error page."""

from __future__ import annotations

import pytest

from tests.architecture.access_rules import SECRETARIAT, VISITOR
from tests.architecture.access_table import ROWS
from tests.architecture.world import World

RUBBISH = ("999999999999", "-1", "abc", "%00", "' OR 1=1--", "１", "a" * 3000, "[1]")
NAMES = (
    "page", "sort", "order", "state", "kind", "phase", "q", "show", "frequency", "visibility",
    "need", "offering", "organization", "number", "base", "left", "right", "token", "code", "role",
)  # fmt: skip
FIRST_SERVER_ERROR = 500
PAGES = sorted({(row.endpoint, tuple(row.values.items())) for row in ROWS if row.method == "GET"})


@pytest.mark.parametrize("who", [SECRETARIAT, VISITOR])
def test_no_parameter_breaks_a_page(attacked: World, who: str) -> None:
    broken = []
    with attacked.client(who) as client:
        for place, (endpoint, values) in enumerate(PAGES):
            text = RUBBISH[place % len(RUBBISH)]
            path = attacked.address(endpoint, dict(values))
            answer = client.get(path, query_string=dict.fromkeys(NAMES, text))
            if answer.status_code >= FIRST_SERVER_ERROR:
                broken.append(f"{endpoint} {text[:20]}: {answer.status_code}")
    assert broken == []
