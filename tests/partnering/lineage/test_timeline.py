"""The timeline of a lineage: in the order of what happened, with those who answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.partnering.coalitions import queries as coalitions
from matchmaker.partnering.coalitions import service as coalition_service
from matchmaker.partnering.coalitions.domain import MemberMove
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.family import family_of
from matchmaker.partnering.lineage.happenings import Happening, happenings_of
from matchmaker.partnering.lineage.presentation import page_of
from matchmaker.partnering.lineage.service import Entry, append
from tests.partnering.coalitions.world import PEOPLE, PLANT
from tests.partnering.coalitions.world import World as Towns
from tests.partnering.coalitions.world import build_world as build_towns
from tests.partnering.consortia.founding import FIRM, HAULER, Founded, found_from_match
from tests.partnering.introductions.world import build_world
from tests.partnering.lineage.conftest import Site

M = IntroductionMove


@pytest.fixture
def towns(app: Flask) -> Iterator[Towns]:
    """Three towns and a plant, in an application context."""
    with app.app_context():
        yield build_towns(app)
        db.session.remove()


@pytest.fixture
def founded(app: Flask) -> Iterator[Founded]:
    """The town leads a consortium, the company is invited; in an application context."""
    with app.app_context():
        yield found_from_match(build_world(app))
        db.session.remove()


def told(actor: Actor, key: RecordKey, *kinds: RecordKind) -> list[str]:
    """The words of the timeline, of records of these kinds (of all without any)."""
    family = family_of(actor, key)
    assert family is not None
    urls = dict.fromkeys(family.subjects, "")
    found = happenings_of(actor, family, urls)
    return [each.words for each in found if not kinds or each.key.kind in kinds]


def answer(towns: Towns, coalition: RecordKey, name: str, move: MemberMove) -> None:
    """Answer for the organisation of a person; commits."""
    (row,) = [
        each for each in coalitions.get(coalition.record_id).members if each.name == PEOPLE[name]
    ]
    actor = towns.actor(name)
    coalition_service.answer(coalition.record_id, row.id, move, "都合により", actor, towns.now)
    db.session.commit()


def test_a_coalition_names_who_answered_what(towns: Towns) -> None:
    key = RecordKey(RecordKind.COALITION, towns.form().id)
    answer(towns, key, "west", MemberMove.JOIN)
    answer(towns, key, "south", MemberMove.DECLINE)
    asked = [towns.actor("south"), towns.actor("maker"), towns.actor("secretariat")]
    for reader in asked:
        words = told(reader, key, RecordKind.COALITION)
        assert words[1:] == [
            "東町が、参加すると答えました",
            "西町が、参加すると答えました",
            "南町が、参加しないと答えました",
        ]


def test_who_may_not_see_a_coalition_reads_nobody_of_it(towns: Towns) -> None:
    made = towns.form()
    answer(towns, RecordKey(RecordKind.COALITION, made.id), "west", MemberMove.JOIN)
    need = RecordKey(RecordKind.NEED, towns.posts["東町"])
    for reader in (VISITOR, towns.actor("stranger")):
        assert family_of(reader, RecordKey(RecordKind.COALITION, made.id)) is None
        assert not [words for words in told(reader, need) if "西町" in words]
        page = towns.app.test_client().get(f"/lineage/need/{need.record_id}").text
        assert "西町" not in page
        assert PLANT not in page


def test_a_reached_coalition_that_falls_back_says_by_whom(towns: Towns) -> None:
    key = RecordKey(RecordKind.COALITION, towns.form().id)
    for name in ("west", "south", "maker"):
        answer(towns, key, name, MemberMove.JOIN)
    answer(towns, key, "south", MemberMove.LEAVE)
    words = told(towns.actor("east"), key, RecordKind.COALITION)
    assert words[-1].startswith("南町が、参加しないと答えました（「")


def test_a_consortium_names_who_came_and_who_went(founded: Founded) -> None:
    founded.accept(FIRM)
    founded.invite(HAULER)
    founded.accept(HAULER)
    founded.leave(HAULER)
    key = RecordKey(RecordKind.CONSORTIUM, founded.consortium_id)
    words = told(founded.world.actor("maker"), key, RecordKind.CONSORTIUM)
    assert words[1:] == [
        "青空町が座組に参加しました",
        "緑山工業を座組に招きました",
        "緑山工業が座組に参加しました",
        "白浜運輸を座組に招きました",
        "白浜運輸が座組に参加しました",
        "白浜運輸が座組から離れました",
    ]
    assert family_of(founded.world.actor("hauler"), key) is None


def test_names_are_those_of_now(founded: Founded) -> None:
    founded.accept(FIRM)
    row = db.session.get_one(Organization, founded.world.organizations[FIRM])
    row.name = "緑山循環工業"
    db.session.commit()
    key = RecordKey(RecordKind.CONSORTIUM, founded.consortium_id)
    words = told(founded.world.actor("officer"), key, RecordKind.CONSORTIUM)
    assert "緑山循環工業が座組に参加しました" in words


def test_a_cause_stands_before_what_follows_from_it(site: Site) -> None:
    """Accepting makes the match, taking it back ends it, all at one moment each."""
    introduction = site.send()
    site.move(introduction, M.ACCEPT)
    site.move(introduction, M.UNDO, site.world.secretariat, reason="押しまちがいのため")
    kinds = RecordKind.INTRODUCTION, RecordKind.MATCH
    words = told(site.town, RecordKey(RecordKind.INTRODUCTION, introduction.id), *kinds)
    assert words[1:] == [
        "「返事待ち」から「成立」へ",
        "双方が話してみたいと答えました（話し合い中）",
        "「成立」から「返事待ち」へ",
        "「話し合い中」から「成立の取消し」へ",
    ]


def test_a_later_record_may_act_first_at_the_same_moment(site: Site) -> None:
    """The order is that of writing, not that of the kinds of records."""
    introduction, key, match = accepted(site)
    moment = introduction.updated_at + timedelta(hours=1)
    append(Entry(key=match, at=moment, tag="matches:appointment:changed"))
    append(Entry(key=key, at=moment, tag="introductions:introduction:corrected"))
    words = told(site.town, key)
    assert words[-2:] == ["打合せの日程が変わりました", "事務局が期限や理由を直しました"]


def test_the_same_again_on_one_day_is_one_line(site: Site) -> None:
    introduction, _key, match = accepted(site)
    noon = introduction.updated_at.replace(hour=3) + timedelta(days=2)
    for moment in (noon, noon + timedelta(hours=1), noon + timedelta(days=1)):
        append(Entry(key=match, at=moment, tag="matches:appointment:changed"))
    last: list[Happening] = page_of_in_request(site, match)[-2:]
    assert [each.count for each in last] == [2, 1]
    assert replace(last[0], at=last[1].at, count=1) == last[1]


def accepted(site: Site) -> tuple[Introduction, RecordKey, RecordKey]:
    """An introduction that both wanted, its key and that of its match."""
    introduction = site.send()
    site.move(introduction, M.ACCEPT)
    key = RecordKey(RecordKind.INTRODUCTION, introduction.id)
    family = family_of(site.town, key)
    assert family is not None
    (match,) = [each for each in family.subjects if each.kind is RecordKind.MATCH]
    return introduction, key, match


def page_of_in_request(site: Site, key: RecordKey) -> list[Happening]:
    """The timeline as the page shows it."""
    family = family_of(site.town, key)
    assert family is not None
    with site.world.app.test_request_context():
        return page_of(site.town, family).happenings
