"""Every kind of page of matching: where a link to it stands, who opens it, and the way there.

Pages that somebody has to press a button for are in ``test_matching_pages.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

Way = tuple[str, str | None, tuple[str, ...]]

ID = "[0-9a-f-]{36}"
NEED, OFFERING = f"^/needs/{ID}$", f"^/offerings/{ID}$"
PAIR = f"^/evaluation-ledger/needs/{ID}/offerings/{ID}$"
LEDGER, VERSIONS = "/evaluation-ledger", "/ranking-versions"


def _opened_by(who: str | None, *paths: str) -> Iterator[Way]:
    """Pages that somebody opens by their address."""
    for path in paths:
        yield path, who, ()


MATCHING_PAGES: tuple[Way, ...] = (
    *_opened_by(None, "/reliability", "/help/matching"),
    *_opened_by(
        "coordinator",
        LEDGER,
        f"{LEDGER}/entries",
        f"{LEDGER}/entries?source=demo",
        f"{LEDGER}/coverage",
        VERSIONS,
        "/vocabulary",
        "/vocabulary?q=ありえないことば",
        "/vocabulary/new",
        "/exposure-report",
        "/encoder-changes",
    ),
    *_opened_by("reviewer", LEDGER, f"{LEDGER}/entries", f"{LEDGER}/coverage"),
    *_opened_by("operator", "/encoder-changes"),
    (f"{LEDGER}/entries", "coordinator", (PAIR,)),
    (VERSIONS, "coordinator", (f"{VERSIONS}/[0-9]+$",)),
    ("/vocabulary?q=竹", "coordinator", ("^/vocabulary/bamboo$",)),
    ("/needs?q=竹", "coordinator", (NEED,)),
    ("/needs?q=竹", "coordinator", (NEED, f"^/needs/{ID}/recommendations$")),
    ("/dashboard", "officer", (NEED, f"^/needs/{ID}/recommendations$")),
    ("/offerings?q=竹", "coordinator", (OFFERING,)),
    ("/dashboard", "recycler", (OFFERING, f"^/offerings/{ID}/recommendations$")),
    ("/needs", "recycler", (NEED,)),
)
"""Path with a link, demo person (nobody: None), patterns of the links that lead to the page."""
