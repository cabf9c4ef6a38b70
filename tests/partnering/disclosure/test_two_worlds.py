"""Two worlds that differ in one hidden field look alike, byte for byte, to whom it is hidden.

Both values lie in the same band (something is said, and is told to be there), so that nothing of
the number itself may change a page, a list and its order, an export, a search or the map.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching.indexing import request_index
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.posts.domain import PostKind
from tests.partnering.introductions.world import World

CHANGING = re.compile(
    r'((?:name="(?:csrf[-_]token|key|submission_key|form_key)"|id="csrf_token")[^>]*(?:value|content)='
    r'|nonce=)"[^"]*"'
)
FILLED: dict[str, Any] = {
    "quantity_min": Decimal(120), "quantity_unit": "t", "quantity_period": "yearly",
    "quantity_low_tonnes_per_year": Decimal(120), "quantity_high_tonnes_per_year": Decimal(120),
    "present_cost_yen_per_year": 1_000_000, "contact": "0889-12-3456",
}  # fmt: skip
FOR_VISITORS: list[tuple[type[Any], str, dict[str, Any]]] = [
    (Need, "青空町", {
        "quantity_min": Decimal(180), "quantity_low_tonnes_per_year": Decimal(180),
        "quantity_high_tonnes_per_year": Decimal(180)}),
    (Need, "青空町", {"present_cost_yen_per_year": 7_654_321}),
    (Need, "青空町", {"contact": "0889-99-9999"}),
    (Offering, "緑山工業", {"free_capacity_tonnes_per_year": Decimal(7)}),
    (Offering, "緑山工業", {"price_note": "1トン9,876円"}),
    (Offering, "緑山工業", {"contact": "098-1111"}),
]  # fmt: skip
FOR_MEMBERS = [FOR_VISITORS[1], FOR_VISITORS[2], FOR_VISITORS[5]]


@pytest.fixture(autouse=True)
def filled(world: World) -> None:
    """Every hidden field holds something in the first world."""
    change(world, Need, "青空町", FILLED)
    offering = {"free_capacity_tonnes_per_year": Decimal(5), "price_note": "無料",
                "contact": "098-0000", "capacity_tonnes_per_year": Decimal(300)}  # fmt: skip
    change(world, Offering, "緑山工業", offering)


def change(world: World, model: type[Any], owner: str, values: dict[str, Any]) -> None:
    """Change columns of a post without any trace in its other columns, and index it anew."""
    post_id = world.posts[owner]
    db.session.execute(update(model).where(model.id == post_id).values(**values))
    kind = PostKind.NEED if model is Need else PostKind.OFFERING
    request_index(kind, post_id, clock.now())
    db.session.commit()
    process_index_queue(clock.now())
    db.session.commit()


def seen(world: World, name: str) -> dict[str, Any]:
    """Every byte that a reader can get of the posts, without what changes with each request."""
    client = world.browser(name) if name else world.app.test_client()
    paths = ["/", "/needs", "/needs?view=map", "/needs?sort=updated", "/needs?sort=largest",
             "/needs?tonnes_from=150", "/offerings", "/offerings?view=map",
             "/search?q=竹を年150トン引き取ります", "/search?q=竹を年150トン片づけたい",
             "/needs/export?format=csv", "/offerings/export?format=csv"]  # fmt: skip
    for kind, owner in (("needs", "青空町"), ("offerings", "緑山工業"), ("offerings", "白浜運輸")):
        here = f"/{kind}/{world.posts[owner]}"
        paths += [here, f"{here}/recommendations", f"{here}/questions"]
    return {path: _steady(client.get(path)) for path in paths}


def _steady(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    if answer.mimetype == "text/html":
        return CHANGING.sub("", answer.text)
    return answer.data


def searched_for(world: World, name: str, word: str) -> str:
    """The list of needs that a word gives, without the word itself."""
    client = world.browser(name) if name else world.app.test_client()
    return CHANGING.sub("", client.get(f"/needs?q={word}").text).replace(word, "")


@pytest.mark.parametrize(("model", "owner", "values"), FOR_VISITORS)
def test_visitors_see_no_trace(
    world: World, model: type[Any], owner: str, values: dict[str, Any]
) -> None:
    before = seen(world, "")
    change(world, model, owner, values)
    assert seen(world, "") == before


@pytest.mark.parametrize(("model", "owner", "values"), FOR_MEMBERS)
def test_members_see_no_trace_of_what_is_for_the_two(
    world: World, model: type[Any], owner: str, values: dict[str, Any]
) -> None:
    world.move(world.send(), IntroductionMove.ACCEPT)  # others may talk meanwhile
    before = seen(world, "hauler")
    change(world, model, owner, values)
    assert seen(world, "hauler") == before


def test_no_search_finds_a_hidden_word(world: World) -> None:
    for word in ("0889-12-3456", "1000000"):
        for name in ("", "hauler"):
            assert searched_for(world, name, word) == searched_for(world, name, "x" * len(word))


def test_the_comparison_would_notice(world: World) -> None:
    before = seen(world, "")
    change(world, Offering, "緑山工業", {"capacity_tonnes_per_year": Decimal(900)})
    assert seen(world, "") != before
