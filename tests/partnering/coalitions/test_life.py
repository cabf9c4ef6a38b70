"""From the search to the reached lot: groups, answers, refusals, letters, and races."""

from __future__ import annotations

import threading
import uuid
from decimal import Decimal

import pytest

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.partnering.coalitions import presentation, queries, service, views
from matchmaker.partnering.coalitions.answers import Answers, best_groups, shortage_of
from matchmaker.partnering.coalitions.domain import (
    CoalitionState,
    MemberMove,
    MemberSide,
    MemberState,
)
from matchmaker.partnering.coalitions.gathering import Gatherer
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.partnering.lineage.checking import differences
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.queries import all_steps
from tests.partnering.coalitions.world import CODE_OUTSIDE, PEOPLE, PLANT, TOWNS, World


def member_id(coalition: Coalition, name: str) -> uuid.UUID:
    """The membership of an organisation."""
    return next(m.id for m in coalition.members if m.name == name)


def answer(world: World, coalition: Coalition, name: str, move: MemberMove) -> Coalition:
    """Answer for the organisation of a person; commits."""
    who = member_id(coalition, PEOPLE[name])
    service.answer(coalition.id, who, move, "都合により", world.actor(name), world.now)
    db.session.commit()
    return queries.get(coalition.id)


def test_three_towns_reach_the_lot(world: World) -> None:
    groups = best_groups(Gatherer(world.wish()).gather(), 8).groups
    assert {town.name for town in groups[0].towns} == set(TOWNS)
    assert groups[0].total.low == 360


def test_estimates_count_only_where_wanted_and_are_marked(world: World) -> None:
    without = Gatherer(world.wish()).gather()
    assert [town.name for town in without.beyond] == ["愛知県北村"]
    with_them = Gatherer(world.wish(with_estimates=True)).gather()
    estimate = next(town for town in with_them.towns if town.is_estimate)
    assert (estimate.name, estimate.tonnes.high) == ("愛知県北村", Decimal(100))
    assert estimate.organization_id is None


def test_what_is_missing_names_the_town_that_closes_the_gap(world: World) -> None:
    gathered = Gatherer(world.wish(max_km=13)).gather()
    assert best_groups(gathered, 8) == Answers([], is_complete=True)
    shortage = shortage_of(gathered, 8)
    assert shortage.missing == 70
    assert shortage.closers[0].name in {"愛知県北村", "南町"}


def test_all_agree_and_it_is_reached_once(world: World) -> None:
    coalition = world.form()
    assert coalition.state is CoalitionState.FORMING
    for name in ("west", "south", "maker", "maker"):
        coalition = answer(world, coalition, name, MemberMove.JOIN)
    assert coalition.state is CoalitionState.REACHED
    kinds = [kind for kind, _ in world.mails()]
    assert kinds.count("coalition-asked") == 3
    assert kinds.count("coalition-reached") == 4
    assert kinds.count("coalition-answered") == 3


def test_a_second_press_forms_nothing_more(world: World) -> None:
    assert world.form(key="same").id == world.form(key="same").id
    assert world.form(key="other").id != world.form(key="same").id


def test_a_refusal_offers_the_next_best_town(world: World) -> None:
    coalition = world.form()
    answer(world, coalition, "south", MemberMove.DECLINE)
    coalition = queries.get(coalition.id)
    found = presentation.repair_of(coalition, views.wish_for(coalition))
    assert [row["town"].name for row in found.rows] == ["愛知県北村"]
    keys = found.keys.split(",")
    service.ask_more(coalition.id, keys, views.wish_for(coalition), world.actor("east"), world.now)
    db.session.commit()
    coalition = queries.get(coalition.id)
    assert coalition.members[-1].is_estimate
    assert [m.name for m in queries.letters_to_send()] == ["愛知県北村"]
    letter = coalition.members[-1].id
    service.letter_sent(coalition.id, letter, world.actor("secretariat"), world.now)
    assert queries.letters_to_send() == []


def test_leaving_a_reached_coalition_falls_back(world: World) -> None:
    coalition = world.form()
    for name in ("west", "south", "maker"):
        coalition = answer(world, coalition, name, MemberMove.JOIN)
    coalition = answer(world, coalition, "west", MemberMove.LEAVE)
    assert coalition.state is CoalitionState.FORMING
    with pytest.raises(IllegalMove):
        answer(world, coalition, "west", MemberMove.JOIN)
    service.ask_again(coalition.id, member_id(coalition, "西町"), world.actor("east"), world.now)
    assert answer(world, coalition, "west", MemberMove.JOIN).state is CoalitionState.REACHED


def test_the_lineage_tells_each_way_back(world: World) -> None:
    coalition = world.form()
    for name in ("west", "south", "maker"):
        coalition = answer(world, coalition, name, MemberMove.JOIN)
    answer(world, coalition, "west", MemberMove.LEAVE)
    assert differences() == []
    service.ask_again(coalition.id, member_id(coalition, "西町"), world.actor("east"), world.now)
    coalition = answer(world, coalition, "west", MemberMove.JOIN)
    wish, east = views.wish_for(coalition), world.actor("east")
    coalition = service.ask_more(coalition.id, [f"town:{CODE_OUTSIDE}"], wish, east, world.now)
    db.session.commit()
    assert coalition.state is CoalitionState.FORMING
    assert differences() == []
    key = RecordKey(RecordKind.COALITION, coalition.id)
    states = [step.after for step in all_steps([RecordKind.COALITION]) if step.key == key]
    told = [state for state in states if state is not None]
    assert told == ["forming", "reached", "forming", "reached", "forming"]


def test_a_reason_is_needed_to_leave_and_to_give_up(world: World) -> None:
    coalition = answer(world, world.form(), "west", MemberMove.JOIN)
    who = member_id(coalition, "西町")
    with pytest.raises(ProductError, match="理由"):
        service.answer(coalition.id, who, MemberMove.LEAVE, " ", world.actor("west"), world.now)
    with pytest.raises(ProductError, match="理由"):
        service.close(coalition.id, "", world.actor("east"), world.now)
    service.close(coalition.id, "量が変わった", world.actor("east"), world.now)
    service.close(coalition.id, "量が変わった", world.actor("east"), world.now)
    with pytest.raises(Conflict):
        answer(world, coalition, "south", MemberMove.JOIN)


def test_a_group_that_is_too_small_is_refused(world: World) -> None:
    choice = service.Choice(world.keys("東町", "西町"), "", "key")
    with pytest.raises(ProductError, match="もう一度さがして"):
        service.form(world.wish(), choice, world.actor("east"), world.now)
    unknown = service.Choice([f"need:{uuid.uuid4()}"], "", "key")
    with pytest.raises(ProductError, match="もう一度さがして"):
        service.form(world.wish(), unknown, world.actor("east"), world.now)


def test_the_business_is_in_when_it_asks(world: World) -> None:
    coalition = world.form("maker", need=None)
    states = {m.name: m.state for m in coalition.members}
    assert states == {PLANT: MemberState.IN, **dict.fromkeys(TOWNS, MemberState.INVITED)}
    assert coalition.members[0].side is MemberSide.BUSINESS


def test_answers_at_the_same_moment_leave_one_mail_each(bare: World) -> None:
    with bare.app.app_context():
        coalition_id = bare.form().id
        names = {m.name: m.id for m in queries.members_of(coalition_id)}
        db.session.remove()

    def press(name: str) -> None:
        with bare.app.app_context():
            who, actor = names[PEOPLE[name]], bare.actor(name)
            service.answer(coalition_id, who, MemberMove.JOIN, "", actor, clock.now())
            db.session.commit()
            db.session.remove()

    people = [name for name in ("west", "south", "maker") for _ in range(4)]
    threads = [threading.Thread(target=press, args=(name,)) for name in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bare.app.app_context():
        assert queries.get(coalition_id).state is CoalitionState.REACHED
        kinds = [kind for kind, _ in bare.mails()]
        assert kinds.count("coalition-answered") == 3
        assert kinds.count("coalition-reached") == 4
        db.session.remove()
