"""What is written into the lineage, and that nothing of it is ever changed."""

from __future__ import annotations

from typing import cast

import pytest
from sqlalchemy import Table, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from matchmaker.core.db import Base, db
from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.lineage import queries
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.models import LineageChanged, LineageLink, LineageRecord
from matchmaker.partnering.lineage.wording import tag_words
from tests.partnering.lineage.conftest import Site

M = IntroductionMove


def test_a_post_enters_the_lineage_when_it_is_published(site: Site) -> None:
    entries = queries.entries_of([RecordKey(RecordKind.NEED, site.need_id)])
    assert [(each.before, each.after) for each in entries] == [(None, "published")]
    assert entries[0].title == "放置竹林の竹を使いたい"


def test_interest_and_its_answer_are_kept_with_their_states(site: Site) -> None:
    introduction = site.send()
    site.move(introduction, M.ACCEPT)
    entries = queries.entries_of([RecordKey(RecordKind.INTRODUCTION, introduction.id)])
    assert [(each.before, each.after) for each in entries] == [
        (None, "open"),
        ("open", "accepted"),
    ]
    assert entries[1].actor_name == "企業の人"


def test_an_introduction_is_linked_to_both_posts_and_the_match_to_it(site: Site) -> None:
    introduction = site.send()
    site.move(introduction, M.ACCEPT)
    key = RecordKey(RecordKind.INTRODUCTION, introduction.id)
    parents = {parent for parent, _ in queries.links_above([key])}
    assert parents == {
        RecordKey(RecordKind.NEED, site.need_id),
        RecordKey(RecordKind.OFFERING, site.offering_id),
    }
    (match,) = (child for _, child in queries.links_below([key]))
    assert match.kind is RecordKind.MATCH
    assert queries.last_state(match) == "talking"


def test_an_entry_cannot_be_changed(site: Site) -> None:
    entry = db.session.scalars(select(LineageRecord)).first()
    assert entry is not None
    entry.title = "べつの名前"
    with pytest.raises(LineageChanged):
        db.session.flush()
    db.session.rollback()
    assert site.need_id


def test_an_entry_cannot_be_deleted(site: Site) -> None:
    site.send()
    for model in (LineageRecord, LineageLink):
        row = db.session.scalars(select(model)).first()
        assert row is not None
        db.session.delete(row)
        with pytest.raises(LineageChanged):
            db.session.flush()
        db.session.rollback()
        site.send()


@pytest.mark.parametrize("model", [LineageRecord, LineageLink])
def test_no_statement_over_the_whole_table_gets_through(site: Site, model: type[Base]) -> None:
    site.send()
    table = cast(Table, model.__table__)
    statements = (
        update(model).values(sequence=1), delete(model),
        update(table).values(sequence=1), delete(table).where(table.c.sequence == 1),
    )  # fmt: skip
    for statement in statements:
        with pytest.raises(LineageChanged):
            db.session.execute(statement)


@pytest.mark.parametrize("table", ["lineage_records", "lineage_links"])
@pytest.mark.parametrize("change", ["UPDATE {} SET sequence = sequence + 1", "DELETE FROM {}"])
def test_the_database_itself_refuses_changes(site: Site, table: str, change: str) -> None:
    site.send()
    db.session.commit()
    with pytest.raises(DBAPIError, match="only added"):
        db.session.execute(text(change.format(table)))
    db.session.rollback()
    model = LineageRecord if table == "lineage_records" else LineageLink
    assert db.session.scalars(select(model)).first() is not None


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("coalitions:member:joined", "会員ではない自治体が、参加すると答えました"),
        ("coalitions:member:declined", "会員ではない自治体が、参加しないと答えました"),
        ("consortia:partner:external", "会員ではない参加者を座組に加えました"),
        ("consortia:partner:left", "会員ではない参加者が座組から離れました"),
    ],
)
def test_who_is_no_member_is_called_what_it_is(tag: str, words: str) -> None:
    """Outside the partnership are towns in a coalition, and anybody in a consortium."""
    assert tag_words(tag) == words
    assert "会員ではない" not in tag_words(tag, "青空町")
