"""Who may open support programmes: everybody reads, the secretariat keeps the list."""

from __future__ import annotations

from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.partnering.consortia.programmes import service
from tests.architecture.access_parts.consortia import LED, SEEING, inside
from tests.architecture.access_rules import (
    SECRETARIAT,
    WRITERS,
    Row,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)

PROGRAMME: dict[str, Any] = {"programme_id": "support_programme_id"}
FAULTY = {"recycled_content": "x"}

ROWS: tuple[Row, ...] = (
    get("support_programmes.index", everyone()),
    get("support_programmes.show", everyone(), **PROGRAMME),
    get("support_programmes.new", only(SECRETARIAT)),
    post("support_programmes.create", only(SECRETARIAT, status=422)),
    get("support_programmes.edit", only(SECRETARIAT), **PROGRAMME),
    post("support_programmes.update", only(SECRETARIAT, status=422), **PROGRAMME),
    get("consortium_programmes.index", hidden_except(*SEEING), **LED),
    post("consortium_programmes.save_figures", inside(*WRITERS, status=422), FAULTY, **LED),
)


def add_things(world: Things) -> None:
    """Put one programme on the list."""
    values = {
        "name": "竹の支援",
        "summary": "竹を生かします。",
        "source": "資料",
        "as_of": "2026-04-01",
    }
    world.ids["support_programme_id"] = service.add(values, SYSTEM, clock.now()).id
