"""Two worlds that differ in one hidden field look alike, byte for byte, to whom it is hidden.

Both values lie in the same band (something is said, and is told to be there), so that nothing of
the number itself may change a page, a list and its order, an export, a search or the map. Which
fields are hidden is read from the tables of fields, and which addresses there are from the
application's map, so that neither a new field nor a new page escapes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching.indexing import request_index
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.offerings.models import Offering
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.introductions.matches import queries
from matchmaker.posts.domain import PostKind, Stage
from tests.partnering.disclosure.every_page import paths, searched_for, seen
from tests.partnering.introductions.world import MEMBERSHIPS, World

LOW, HIGH = "quantity_low_tonnes_per_year", "quantity_high_tonnes_per_year"
FILLED: dict[tuple[type[Any], str], dict[str, Any]] = {
    (Need, "青空町"): {
        "quantity_min": Decimal(120), "quantity_max": Decimal(160), "quantity_unit": "t",
        "quantity_period": "yearly", "quantity_basis": "rough", LOW: Decimal(120),
        HIGH: Decimal(160), "present_cost_yen_per_year": 1_000_000, "contact": "0889-12-3456",
        "budget_state": "requested",
    },
    (Offering, "緑山工業"): {
        "free_capacity_tonnes_per_year": Decimal(5), "price_note": "無料", "contact": "098-0000",
        "capacity_tonnes_per_year": Decimal(300), "minimum_lot_tonnes_per_year": Decimal(200),
    },
}  # fmt: skip
OTHER: dict[str, dict[str, dict[str, Any]]] = {
    "青空町": {
        "quantity_min": {"quantity_min": Decimal(130), LOW: Decimal(130)},
        "quantity_max": {"quantity_max": Decimal(180), HIGH: Decimal(180)},
        "quantity_unit": {"quantity_unit": "kg", LOW: Decimal("0.12"), HIGH: Decimal("0.16")},
        "quantity_period": {
            "quantity_period": "monthly", LOW: Decimal(1440), HIGH: Decimal(1920),
        },
        "quantity_basis": {"quantity_basis": "measured"},
        "present_cost_yen_per_year": {"present_cost_yen_per_year": 7_654_321},
        "budget_state": {"budget_state": "none"},
        "contact": {"contact": "0889-99-9999"},
    },
    "緑山工業": {
        "free_capacity_tonnes_per_year": {"free_capacity_tonnes_per_year": Decimal(7)},
        "price_note": {"price_note": "1トン9,876円"},
        "contact": {"contact": "098-1111"},
    },
}  # fmt: skip
"""The second world of each hidden field, with what follows from it."""
OWNERS = {"青空町": NEED, "緑山工業": OFFERING}


def hidden_from(stage: Stage, own: str = "") -> list[tuple[str, str]]:
    """Owner and name of the fields that whoever reached a stage does not read.

    Args:
        own: the reader's organisation, which reads its own fields.
    """
    return [
        (owner, spec.name)
        for owner, post_type in OWNERS.items()
        if owner != own
        for spec in post_type.table.fields
        if Stage(spec.stage).place > stage.place
    ]


@pytest.fixture(autouse=True)
def filled(world: World) -> None:
    """Every hidden field holds something in the first world."""
    for (model, owner), values in FILLED.items():
        change(world, model, owner, values)


def change(world: World, model: type[Any], owner: str, values: dict[str, Any]) -> None:
    """Change columns of a post without any trace in its other columns, and index it anew."""
    post_id = world.posts[owner]
    db.session.execute(update(model).where(model.id == post_id).values(**values))
    kind = PostKind.NEED if model is Need else PostKind.OFFERING
    request_index(kind, post_id, clock.now())
    db.session.commit()
    process_index_queue(clock.now())
    db.session.commit()


def traces(world: World, name: str, stage: Stage, **extra: str) -> dict[str, list[str]]:
    """Addresses at which a hidden field of the second world shows, by field."""
    before, found = seen(world, name, **extra), {}
    own = MEMBERSHIPS[name][0] if name else ""
    for owner, field in hidden_from(stage, own):
        model = Need if owner == "青空町" else Offering
        change(world, model, owner, OTHER[owner][field])
        after = seen(world, name, before, **extra)
        changed = [path for path in before | after if before.get(path) != after.get(path)]
        if changed:
            found[field] = changed
        change(world, model, owner, FILLED[model, owner])
    return found


def test_every_hidden_field_has_a_second_world() -> None:
    assert {(owner, field) for owner, fields in OTHER.items() for field in fields} == set(
        hidden_from(Stage.PUBLIC)
    )


def test_visitors_see_no_trace(world: World) -> None:
    assert traces(world, "", Stage.PUBLIC) == {}


def test_members_see_no_trace_of_what_is_for_the_two(world: World) -> None:
    world.move(world.send(), IntroductionMove.ACCEPT)  # others may talk meanwhile
    assert traces(world, "hauler", Stage.MEMBERS) == {}


def test_who_sent_an_interest_sees_no_more_than_members(world: World) -> None:
    sent = world.send()
    assert traces(world, "maker", Stage.MEMBERS, introduction_id=str(sent)) == {}


def test_who_was_asked_back_sees_no_contact(world: World) -> None:
    sent = world.send()
    world.move(sent, IntroductionMove.ASK_BACK)
    assert traces(world, "maker", Stage.INTERESTED, introduction_id=str(sent)) == {}


def test_who_was_declined_sees_no_trace_any_more(world: World) -> None:
    sent = world.send()
    world.move(sent, IntroductionMove.ASK_BACK)
    world.move(sent, IntroductionMove.DECLINE)
    assert traces(world, "maker", Stage.MEMBERS, introduction_id=str(sent)) == {}


def test_no_search_finds_a_hidden_word(world: World) -> None:
    for word in ("0889-12-3456", "1000000"):
        for name in ("", "hauler"):
            assert searched_for(world, name, word) == searched_for(world, name, "x" * len(word))


def test_the_comparison_would_notice(world: World) -> None:
    before = seen(world, "")
    change(world, Offering, "緑山工業", {"capacity_tonnes_per_year": Decimal(900)})
    assert seen(world, "") != before


def test_parties_do_see_the_difference_at_each_of_the_places_meant_for_them(world: World) -> None:
    sent = world.send()
    world.move(sent, IntroductionMove.ACCEPT)
    match = queries.of_introduction(sent)
    assert match is not None
    extra = {"introduction_id": str(sent), "match_id": str(match.id)}
    before = seen(world, "maker", **extra)
    change(world, Need, "青空町", OTHER["青空町"]["contact"])
    after = seen(world, "maker", before, **extra)
    changed = {path for path in before if before[path] != after.get(path)}
    need = f"/needs/{world.posts['青空町']}"
    assert {need, f"/matches/{match.id}", "/needs/export?format=csv"} <= changed
    assert "/needs/export?format=xlsx" in changed


def test_the_pages_that_are_compared_are_many_and_of_all_parts(world: World) -> None:
    found = seen(world, "hauler", introduction_id=str(world.send()))
    assert len(found) > 60
    for part in ("/needs/", "/offerings/", "/blank-map", "/lineage/need/", "/needs/export",
                 "/chains", "/coalitions", "/dashboard", "/organizations", "/municipalities.json",
                 "/introduction-figures/public"):  # fmt: skip
        assert any(path.startswith(part) for path in found), part
    assert len(paths(world, {})) > len(found)
