"""Pages of the versions for the secretariat, and the page of reliability for everybody."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.matching.domain import VersionState
from matchmaker.matching.releases import queries, service
from matchmaker.matching.releases.domain import Objection, ObjectionKind
from tests.matching.releases.conftest import add_version, inside
from tests.posts.file_world import World, make_world, send

WORSE = (Objection(ObjectionKind.WORSE, "dev", value=-0.1, limit=-0.02),)


@pytest.fixture(name="world")
def people(app: Flask) -> World:
    """The secretariat and others."""
    return make_world(app)


def promote_page(client: FlaskClient, number: int, **fields: str) -> object:
    return send(client, f"/ranking-versions/{number}/promotions", **fields)


def test_a_version_is_used_and_taken_back_with_reasons(world: World) -> None:
    with inside(world.app):
        add_version()
    client = world.client("secretariat")
    path = "/ranking-versions/1/promotions"
    refused = send(client, path, seen_live="0", reason="")
    assert refused.status_code == 422
    assert "理由を入れてください" in refused.text
    answer = send(client, path, seen_live="0", reason="確かめました")
    assert answer.status_code == 302
    page = client.get("/ranking-versions").text
    assert "版1を使い始めました" in page
    assert "版1を使っています" in page
    back = send(client, "/ranking-versions/0/rollbacks", seen_live="1", reason="元に戻します")
    assert back.status_code == 302
    with inside(world.app):
        assert queries.live_number() == 0


def test_what_speaks_against_a_version_is_told_and_has_to_be_ticked(world: World) -> None:
    with inside(world.app):
        add_version(WORSE)
    client = world.client("secretariat")
    path = "/ranking-versions/1/promotions"
    assert "悪くなります" in client.get(path).text
    refused = send(client, path, seen_live="0", reason="それでも使いたい")
    assert refused.status_code == 422
    assert "それでも使いたい" in refused.text, "nothing that was typed is lost"
    assert send(client, path, seen_live="0", reason="承知", despite="y").status_code == 302


def test_a_page_that_was_read_before_another_promotion_changes_nothing(world: World) -> None:
    with inside(world.app):
        first, second = add_version(), add_version()
        service.promote(first, 0, "先に", SYSTEM, clock.now())
        db.session.commit()
        assert second.number == 2
    client = world.client("secretariat")
    path = "/ranking-versions/2/promotions"
    late = send(client, path, seen_live="0", reason="おそかった", despite="y")
    assert late.status_code == 409
    assert "ほかの人が先に" in late.text
    assert "おそかった" in late.text
    with inside(world.app):
        assert queries.live_number() == 1


def test_shadow_and_refusal_from_the_page(world: World) -> None:
    with inside(world.app):
        add_version()
    client = world.client("secretariat")
    base = "/ranking-versions/1"
    assert send(client, f"{base}/shadows", seen_live="0", reason="見る").status_code == 302
    assert "並び方のちがい" in client.get(base).text
    with inside(world.app):
        assert queries.open_requests(), "the first comparison is asked for at once"
    assert send(client, f"{base}/shadow-ends", seen_live="0", reason="終わり").status_code == 302
    assert send(client, f"{base}/refusals", seen_live="0", reason="合わない").status_code == 302
    with inside(world.app):
        assert queries.version_with(1).state is VersionState.REFUSED


def test_a_training_is_asked_for_and_its_progress_is_told(world: World) -> None:
    client = world.client("secretariat")
    before = client.get("/ranking-versions/progress").get_json()
    assert before["state"] == "finished"
    for _ in range(2):
        answer = send(client, "/ranking-versions/trainings", from_page="/ranking-versions/0")
        assert answer.status_code == 302
    page = client.get("/ranking-versions").text
    assert "順番待ち" in page
    told = client.get("/ranking-versions/progress").get_json()
    assert told["state"] == "waiting"
    with inside(world.app):
        assert len(queries.newest_requests()) == 1


def test_unknown_versions_and_steps_are_not_found(world: World) -> None:
    client = world.client("secretariat")
    for path in (
        "/ranking-versions/7",
        "/ranking-versions/7/promotions",
        "/ranking-versions/0/promotions",
        "/ranking-versions/1/deletions",
        "/ranking-versions/99999999999999999999",
    ):
        assert client.get(path).status_code == 404, path


def test_everybody_reads_what_the_words_are_worth(client: FlaskClient) -> None:
    page = client.get("/reliability")
    assert page.status_code == 200
    for words in ("有望", "可能性あり", "判断材料が足りません", "10件中", "実際の事例"):
        assert words in page.text
    assert page.text.count("<svg") >= 2
    assert "reliability__dot" in page.text
