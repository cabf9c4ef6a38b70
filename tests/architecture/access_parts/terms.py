"""Who may see and change the words by which texts are read: the secretariat."""

from __future__ import annotations

from tests.architecture.access_rules import SECRETARIAT, Row, Things, get, only, post

ROWS: tuple[Row, ...] = (
    get("vocabulary.index", only(SECRETARIAT)),
    get("vocabulary.progress", only(SECRETARIAT)),
    get("vocabulary.export", only(SECRETARIAT)),
    get("vocabulary.new", only(SECRETARIAT)),
    post("vocabulary.edit_new", only(SECRETARIAT)),
    post("vocabulary.create", only(SECRETARIAT, status=422)),
    get("vocabulary.show", only(SECRETARIAT), code="bamboo"),
    post("vocabulary.add_term", only(SECRETARIAT, status=422), code="bamboo"),
    post("vocabulary.switch_term", only(SECRETARIAT, status=422), code="bamboo"),
    post("vocabulary.switch", only(SECRETARIAT, status=422), code="bamboo"),
)


def add_things(_world: Things) -> None:
    """The shipped words are enough."""
