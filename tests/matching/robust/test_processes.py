"""What one process saves, every other finds with its next page; index and database agree."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from flask import Flask

from matchmaker.app import create_app
from matchmaker.benchmarks.freshness import (
    NEED,
    Desk,
    disagreements,
    measure,
    offering,
    prepare,
    start_until_ranked,
)
from matchmaker.benchmarks.serving import served


@dataclass(frozen=True, slots=True)
class Office:
    """Two web processes and the worker on one database, and a need whose ranking is looked at."""

    app: Flask
    desks: tuple[Desk, Desk]
    need_id: uuid.UUID


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with served(2) as servers:
        app = create_app(servers.settings())
        place, _encoder = prepare(app, posts=20)
        start_until_ranked(servers, place)
        first, second = (Desk(url, place) for url in servers.urls)
        yield Office(app, (first, second), first.publish("needs", NEED))


def test_saved_changed_and_withdrawn_posts_are_seen_through_the_other_process(
    office: Office,
) -> None:
    """Both directions; each waits until ranking and search of the other process show it."""
    times, ids = measure(office.desks, rounds=2)
    seen = {"visible_elsewhere_ms", "changed_elsewhere_ms", "gone_elsewhere_ms"}
    assert {name: len(taken) for name, taken in times.items() if name in seen} == dict.fromkeys(
        seen, 2
    )
    assert disagreements(office.app, ids) == []


def test_the_words_of_an_earlier_text_find_a_post_no_more(office: Office) -> None:
    saver, reader = office.desks
    post_id = saver.publish("offerings", offering("furuimoji"))
    assert reader.finds("furuimoji", post_id), "with the next page"
    saver.change(post_id, offering("atarashiimoji"))
    assert not reader.finds("furuimoji", post_id)
    assert reader.finds("atarashiimoji", post_id)
    reader.pause(post_id)
    assert not saver.finds("atarashiimoji", post_id)
    assert not saver.ranks(office.need_id, post_id)


def test_two_processes_that_write_at_once_leave_index_and_database_in_agreement(
    office: Office,
) -> None:
    post_id = office.desks[0].publish("offerings", offering("hajimari"))
    for letter in "abcde":
        marks = f"migi{letter}kaime", f"hidari{letter}kaime"
        saved = at_once(office, post_id, marks)
        assert disagreements(office.app, [post_id]) == []
        kept = [[mark for mark in marks if desk.finds(mark, post_id)] for desk in office.desks]
        assert kept[0] == kept[1]
        assert len(kept[0]) == 1
        assert kept[0][0] in saved


def at_once(office: Office, post_id: uuid.UUID, marks: Sequence[str]) -> list[str]:
    """Each process saves another text at the same moment; gives those that were not refused."""
    ready = threading.Barrier(len(marks))

    def change(desk: Desk, mark: str) -> bool:
        ready.wait(60)
        return desk.change(post_id, offering(mark))

    with ThreadPoolExecutor(len(marks)) as pool:
        done = pool.map(change, office.desks, marks)
        return [mark for mark, was_saved in zip(marks, done, strict=True) if was_saved]
