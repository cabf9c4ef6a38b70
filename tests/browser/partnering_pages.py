"""Every kind of page from introductions to pilots: where a link stands, who opens it, the way."""

from __future__ import annotations

from collections.abc import Iterator

Way = tuple[str, str | None, tuple[str, ...]]

ID = "[0-9a-f-]{36}"
GAP = r"^/blank-map/gap\?"
NEED, LINEAGE = f"^/needs/{ID}$", r"^/lineage/need/"
CONSORTIUM = f"^/consortia/{ID}$"
DOCUMENTS = f"^/consortia/{ID}/documents$"
APPROVAL = f"^/consortia/{ID}/documents/approval/edit$"
INTRODUCTION = f"^/introductions/{ID}$"
BOARD_LINE = f"^/introduction-board/{ID}$"
MATCH, PILOT, COALITION = f"^/matches/{ID}$", f"^/pilots/{ID}$", f"^/coalitions/{ID}$"


def _opened_by(who: str | None, *paths: str) -> Iterator[Way]:
    """Pages that somebody opens by their address."""
    for path in paths:
        yield path, who, ()


def _below(path: str, who: str | None, page: str, *parts: str) -> Iterator[Way]:
    """A page that a list leads to, and the pages below it that it leads to."""
    yield path, who, (page,)
    for part in parts:
        yield path, who, (page, f"{page.removesuffix('$')}/{part}$")


PARTNERING_PAGES: tuple[Way, ...] = (
    *_opened_by(None, "/blank-map", "/blank-map?by=region&show=all"),
    *_opened_by("coordinator", "/blank-map", "/blank-map?licensed=1"),
    *_opened_by(None, "/public-pilots"),
    *_opened_by("coordinator", "/pilots"),
    *_opened_by(None, "/introduction-figures/public"),
    *_opened_by("coordinator", "/introduction-board", "/introduction-figures?by=prefecture"),
    ("/needs", None, (NEED, LINEAGE)),
    ("/introduction-board", "coordinator", (BOARD_LINE,)),
    *_opened_by("coordinator", "/consortia"),
    *_below(
        "/consortia",
        "coordinator",
        CONSORTIUM,
        "partners",
        "versions",
        r"candidates\?.*",
        "ending",
        "correction",
        "documents",
        "support-programmes",
    ),
    ("/consortia", "coordinator", (CONSORTIUM, DOCUMENTS, APPROVAL)),
    ("/consortia", "officer", (CONSORTIUM, f"^/consortia/{ID}/content$")),
    ("/consortia", "officer", (CONSORTIUM, f"^/consortia/{ID}/partners$", f"/{ID}/roles$")),
    *_opened_by("coordinator", "/introductions", "/introductions?box=received&group=waiting"),
    ("/introductions", "officer", (INTRODUCTION,)),
    *_opened_by("officer", "/matches"),
    *_below(
        "/matches",
        "officer",
        MATCH,
        "appointments/new",
        f"appointments/{ID}/edit",
        "facts/new",
        "endings",
    ),
    *_opened_by("coordinator", "/coalitions", "/coalition-rates", "/chains"),
    *_below("/coalitions", "recycler", COALITION),
    (
        "/coalitions",
        "recycler",
        (COALITION, f"^/offerings/{ID}$", f"^/offerings/{ID}/coalitions/new"),
    ),
    *_below(
        "/pilots",
        "coordinator",
        PILOT,
        "milestones",
        "budget",
        "indicators",
        f"reports/{ID}",
        f"reports/{ID}/edit",
        "outcome",
    ),
    ("/pilots", "coordinator", (PILOT, "^/lineage/pilot/")),
    ("/public-pilots", None, (f"^/public-pilots/{ID}$",)),
    *_opened_by(None, "/support-programmes"),
    *_opened_by("coordinator", "/support-programmes/new"),
    ("/support-programmes", None, (f"^/support-programmes/{ID}$",)),
    ("/blank-map", None, (GAP,)),
    ("/blank-map", "coordinator", (GAP,)),
)
"""Path with a link, demo person (nobody: None), patterns of the links that lead to the page."""
