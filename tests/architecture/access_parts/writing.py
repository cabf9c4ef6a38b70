"""Who may have a draft read: whoever writes posts (which drafts: tests/matching/writing)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.architecture.access_rules import (
    EDITOR,
    REPRESENTATIVE,
    SECRETARIAT,
    STRANGER,
    Row,
    Things,
    get,
    only,
    post,
)

TOKEN = "c" * 32
ANY_WRITER = (EDITOR, REPRESENTATIVE, STRANGER, SECRETARIAT)


def rows(kind: str) -> Iterator[Row]:
    """Needs and offerings follow the same rules."""
    new = {"form_key": f"{kind}:new:{TOKEN}", "title": "竹"}
    yield post(f"{kind}_writing.read", only(*ANY_WRITER, status=302), new)
    yield post(f"{kind}_writing.begin_preview", only(*ANY_WRITER, status=302), new)
    # Without a form's key there is nothing to show.
    yield get(f"{kind}_writing.preview", only(*ANY_WRITER, status=404))


ROWS: tuple[Row, ...] = (*rows("need"), *rows("offering"))


def add_things(_world: Things) -> None:
    """A form that is begun needs nothing."""
