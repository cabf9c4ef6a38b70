"""Fields open by stage: everybody, members, both interested, the parties; and close again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event, update

from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.core.fields import FieldSpec
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.offerings.models import Offering
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.introductions.domain import IntroductionMove as M
from matchmaker.partnering.introductions.domain import ReasonCode
from matchmaker.partnering.introductions.matches import queries, service
from matchmaker.partnering.introductions.matches.gate import opened_by_introductions
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts import queries as post_queries
from matchmaker.posts.disclosure import with_stage_hints
from matchmaker.posts.domain import STAGE_HINTS, STAGE_LABELS, Stage
from matchmaker.posts.exports import export_rows
from matchmaker.posts.policy import can_see_stage
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.service import searchable
from tests.partnering.introductions.world import World

COST, CONTACT = 7_654_321, "0889-12-3456"
DOCUMENT = Path(__file__).parents[3] / "docs" / "disclosure.md"


@pytest.fixture(autouse=True)
def filled(world: World) -> None:
    """Something stands in the fields of each stage."""
    db.session.execute(
        update(Need).where(Need.id == world.posts["青空町"]).values(
            present_cost_yen_per_year=COST, contact=CONTACT,
            quantity_min=Decimal(120), quantity_unit="t",
        )
    )  # fmt: skip
    db.session.execute(
        update(Offering).where(Offering.id == world.posts["緑山工業"]).values(contact="098-7654")
    )
    db.session.commit()


def shown(world: World, actor: Actor) -> set[str]:
    """Names of the fields of the need whose values the person reads."""
    db.session.expire_all()
    found = Presenter(NEED, actor).sections(world.post("青空町"))
    return {f.spec.name for section in found for f in section.fields if not f.hidden_because}


def stage_of(world: World, name: str) -> str:
    """How far the need is opened to a person, by the fields they read."""
    fields = shown(world, world.actor(name) if name else VISITOR)
    by_stage = {
        "parties": "contact", "interested": "present_cost_yen_per_year", "members": "quantity_min",
    }  # fmt: skip
    return next((stage for stage, field in by_stage.items() if field in fields), "public")


def test_the_need_opens_step_by_step_and_closes_again(world: World) -> None:
    seen = [stage_of(world, ""), stage_of(world, "maker")]
    introduction = world.send()
    seen.append(stage_of(world, "maker"))
    world.move(introduction, M.ASK_BACK)
    seen.append(stage_of(world, "maker"))
    world.move(introduction, M.REPLY, "maker")
    seen.append(stage_of(world, "maker"))
    world.move(introduction, M.ACCEPT)
    seen.append(stage_of(world, "maker"))
    world.move(introduction, M.UNDO, "secretariat")
    seen.append(stage_of(world, "maker"))
    world.move(introduction, M.DECLINE)
    seen.append(stage_of(world, "maker"))
    assert seen == [
        "public", "members", "members", "interested", "interested", "parties", "interested",
        "members",
    ]  # fmt: skip


def test_others_see_nothing_more_while_two_talk(world: World) -> None:
    world.move(world.send(), M.ACCEPT)
    assert stage_of(world, "hauler") == "members"
    assert stage_of(world, "") == "public"
    assert stage_of(world, "secretariat") == stage_of(world, "officer") == "parties"


def test_the_other_way_round_the_offering_opens_to_the_town(world: World) -> None:
    world.move(world.send(), M.ACCEPT)
    sections = Presenter(OFFERING, world.actor("reader")).sections(world.post("緑山工業"))
    contact = [f for s in sections for f in s.fields if f.spec.name == "contact"]
    assert [f.text for f in contact] == ["098-7654"]
    other = Presenter(OFFERING, world.actor("reader")).sections(world.post("白浜運輸"))
    assert not [f for s in other for f in s.fields if f.spec.name == "contact" and f.text]


def test_the_end_of_the_talks_closes_contacts(world: World) -> None:
    introduction = world.send()
    world.move(introduction, M.ACCEPT)
    match = queries.of_introduction(introduction)
    assert match is not None
    actor = world.actor("officer")
    service.end(match, ReasonCode.COST, "", match.revision, actor, world.now)
    db.session.commit()
    assert stage_of(world, "maker") == "members"


def test_what_the_clock_closed_opens_nothing(world: World) -> None:
    introduction = world.send()
    world.move(introduction, M.ASK_BACK)
    found = Introduction
    db.session.execute(
        update(found).values(answer_due_at=world.now.replace(year=world.now.year - 1))
    )
    db.session.commit()
    assert stage_of(world, "maker") == "members"


def test_an_export_holds_what_the_page_shows(world: World) -> None:
    world.move(world.send(), M.ACCEPT)
    need = post_queries.get(NEED, world.posts["青空町"])
    rows = {
        name: next(export_rows(NEED, [need], world.actor(name))) for name in ("maker", "hauler")
    }
    assert CONTACT in rows["maker"]
    assert COST in rows["maker"]
    assert not {CONTACT, COST} & set(rows["hauler"])


def test_many_posts_are_opened_by_one_statement(world: World) -> None:
    world.move(world.send(), M.ACCEPT)
    actor, ids = world.actor("maker"), [world.posts["青空町"], *world.users.values()]
    statements: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for many in (ids, ids * 40):
            statements.clear()
            assert opened_by_introductions(actor, many) == {ids[0]: Stage.PARTIES}
            assert len(statements) == 1
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_stages_are_in_order_and_each_has_its_words() -> None:
    assert [stage.value for stage in Stage] == ["public", "members", "interested", "parties"]
    assert set(STAGE_LABELS) == set(STAGE_HINTS) == set(Stage)
    for spec in (*NEED.table.fields, *OFFERING.table.fields):
        assert Stage(spec.stage) is Stage.PUBLIC or STAGE_HINTS[Stage(spec.stage)] in spec.help


def test_the_hint_stands_under_the_fields_that_not_everybody_reads() -> None:
    specs = [FieldSpec("a", "あ", NEED.table.fields[0].kind, "x", help="助け。", stage="parties")]
    assert with_stage_hints(specs)[0].help == f"助け。{STAGE_HINTS[Stage.PARTIES]}"


def test_opened_reaches_all_before_it_and_nothing_after(world: World) -> None:
    need, actor = world.post("青空町"), world.actor("maker")
    for opened in Stage:
        seen = {stage for stage in Stage if can_see_stage(actor, need, stage, opened)}
        expected = {s for s in Stage if s.place <= max(opened.place, Stage.MEMBERS.place)}
        assert seen == expected


def test_hidden_words_are_not_searched(world: World) -> None:
    values = {"title": "竹", "problem": "竹", "contact": "秘密の番号", "price_note": "内密"}
    for post_type in (NEED, OFFERING):
        assert "秘密" not in searchable(post_type, values)
        assert "内密" not in searchable(post_type, values)


@pytest.mark.parametrize("post_type", [NEED, OFFERING])
def test_the_document_names_each_field_with_its_stage(post_type: object) -> None:
    """``docs/disclosure.md`` lists every field that is not for everybody, and only those."""
    table = NEED.table if post_type is NEED else OFFERING.table
    kind = NEED.label if post_type is NEED else OFFERING.label
    text = DOCUMENT.read_text(encoding="utf-8")
    part = text.split(f"## {kind}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1:4] for line in part.splitlines() if line.startswith("| `")]
    told = {name.strip(" `"): stage.strip() for name, _label, stage in rows}
    wanted = {
        spec.name: STAGE_LABELS[Stage(spec.stage)]
        for spec in table.fields
        if Stage(spec.stage) is not Stage.PUBLIC
    }
    assert told == wanted
