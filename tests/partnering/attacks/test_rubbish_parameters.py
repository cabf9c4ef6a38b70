"""Rubbish in the query of an address gives a page, a redirect or a refusal, never an error page."""

from __future__ import annotations

from tests.architecture.access_rules import EDITOR, SECRETARIAT
from tests.pages.page_checker import BadPage
from tests.partnering.attacks.attacked_world import ROWS, PartneringWorld

RUBBISH = (
    "999999999999", "-1", "\x00\x0b[1]", "' OR 1=1--", "１²", "長" * 3000,
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
NAMES = (
    "page", "state", "q", "box", "group", "organization", "post", "need", "offering", "source",
    "match", "coalition", "role", "before", "after", "by", "scope", "stage", "stalled",
    "prefecture", "material", "km", "around", "members", "estimates", "note", "region", "days",
    "licensed", "show", "place", "method", "period",
)  # fmt: skip
FIRST_SERVER_ERROR = 500
PAGES = sorted({(row.endpoint, tuple(row.values.items())) for row in ROWS if row.method == "GET"})


def test_no_parameter_breaks_a_page(attacked: PartneringWorld) -> None:
    """Every parameter with another text, on each page of these parts; pages stay well made."""
    broken = []
    assert len(PAGES) > 50
    for number, (endpoint, values) in enumerate(PAGES * 2):
        path = attacked.address(endpoint, dict(values))
        texts = {name: RUBBISH[(number + at) % len(RUBBISH)] for at, name in enumerate(NAMES)}
        with attacked.client(SECRETARIAT if number < len(PAGES) else EDITOR) as client:
            try:
                status = client.get(path, query_string=texts).status_code
            except BadPage as bad:
                broken.append(f"{endpoint}: {bad}")
            else:
                if status >= FIRST_SERVER_ERROR:
                    broken.append(f"{endpoint}: {status}")
    assert broken == []
