"""Who may open the blank map: everybody; calls are drafted from it by the secretariat.

The things here are no posts, so that the gap asked for does not exist (404 after the policy).
"""

from __future__ import annotations

from tests.architecture.access_rules import SECRETARIAT, Row, Things, everyone, get, only, post

ROWS: tuple[Row, ...] = (
    get("blank_map.index", everyone()),
    get("blank_map.export", everyone()),
    get("blank_map.show", everyone(404)),
    post("blank_map.draft", only(SECRETARIAT, status=404), {"material": "x", "place": "長野県"}),
)


def add_things(_world: Things) -> None:
    """Nothing is needed."""
