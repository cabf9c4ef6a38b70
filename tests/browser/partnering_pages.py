"""Every kind of page from introductions to pilots: where a link stands, who opens it, the way."""

from __future__ import annotations

from collections.abc import Iterator

Way = tuple[str, str | None, tuple[str, ...]]

GAP = r"^/blank-map/gap\?"
NEED, LINEAGE = r"^/needs/[0-9a-f-]{36}$", r"^/lineage/need/"
CONSORTIUM = r"^/consortia/[0-9a-f-]{36}$"
DOCUMENTS = r"^/consortia/[0-9a-f-]{36}/documents$"
APPROVAL = r"^/consortia/[0-9a-f-]{36}/documents/approval/edit$"
INTRODUCTION = r"^/introductions/[0-9a-f-]{36}$"
BOARD_LINE = r"^/introduction-board/[0-9a-f-]{36}$"


def _opened_by(who: str | None, *paths: str) -> Iterator[Way]:
    """Pages that somebody opens by their address."""
    for path in paths:
        yield path, who, ()


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
    ("/consortia", "coordinator", (CONSORTIUM,)),
    *(
        ("/consortia", "coordinator", (CONSORTIUM, rf"{CONSORTIUM.removesuffix('$')}/{page}"))
        for page in ("partners$", "versions$", "candidates", "ending$", "correction$")
    ),
    ("/consortia", "officer", (CONSORTIUM, rf"{CONSORTIUM.removesuffix('$')}/content$")),
    *_opened_by("coordinator", "/introductions", "/introductions?box=received&group=waiting"),
    ("/introductions", "officer", (INTRODUCTION,)),
    ("/consortia", "coordinator", (CONSORTIUM, DOCUMENTS)),
    ("/consortia", "coordinator", (CONSORTIUM, DOCUMENTS, APPROVAL)),
    ("/consortia", "coordinator", (CONSORTIUM, r"^/consortia/[0-9a-f-]{36}/support-programmes$")),
    *_opened_by(None, "/support-programmes"),
    *_opened_by("coordinator", "/support-programmes/new"),
    ("/support-programmes", None, (r"^/support-programmes/[0-9a-f-]{36}$",)),
    ("/blank-map", None, (GAP,)),
    ("/blank-map", "coordinator", (GAP,)),
)
"""Path with a link, demo person (nobody: None), patterns of the links that lead to the page."""
