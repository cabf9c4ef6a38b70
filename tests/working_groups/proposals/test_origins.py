"""Beginning from a need, an offering or a pair; likeness by meaning; thinning of autosaves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, VISITOR
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals import jobs, origins, queries
from matchmaker.working_groups.proposals.models import ProposalRevision, ProposalVector
from matchmaker.working_groups.proposals.similarity import encode_waiting, similarities
from tests.working_groups.proposals.world import World, browser, make_call

PAIR_LINK = "この組み合わせで公募に応じる"
CONTENT: dict[str, dict[str, Any]] = {
    "need": {
        "title": "竹を使いたい", "problem": "竹林の竹を使い切りたい。", "visibility": "public",
        "quantity_min": 12, "quantity_unit": "t",
    },
    "offering": {
        "title": "竹を引き取ります", "kind": "technology", "visibility": "members",
        "description": "竹を炭にします。",
    },
}  # fmt: skip


class CharacterEncoder:
    """Counts characters: texts of the same characters lie close."""

    model_id = "characters"
    dimension = 64

    def encode_queries(self, texts: Sequence[str]) -> Any:
        """As documents."""
        return self.encode_documents(texts)

    def encode_documents(self, texts: Sequence[str]) -> Any:
        """One row of unit length for each text."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for character in text:
                row[ord(character) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def published(world: World, kind: str) -> uuid.UUID:
    post_type, owner = (NEED, "青空町") if kind == "need" else (OFFERING, "緑山工業")
    now = clock.now()
    post = posts.create(post_type, world.organizations[owner], CONTENT[kind], SYSTEM, now)
    posts.move(post_type, post, Move.SUBMIT, SYSTEM, now)
    if post.state == "submitted":
        posts.move(post_type, post, Move.PUBLISH, SYSTEM, now)
    found: uuid.UUID = post.id
    return found


def test_a_pair_carries_its_facts_over(app: Flask, built: World) -> None:
    with app.app_context():
        need, offering = published(built, "need"), published(built, "offering")
        db.session.commit()
    client = browser(app, "officer")
    assert f"need={need}" in client.get(f"/needs/{need}").text
    here = f"/calls/{built.call_id}/proposals"
    assert "竹を使いたい" in client.get(f"{here}/new?need={need}").text
    page = client.get(f"{here}/new?need={need}&offering={offering}")
    assert "緑山工業" in page.text
    sent = {"title": "竹の循環", "need": str(need), "offering": str(offering)}
    answer = client.post(here, data=sent)
    assert answer.status_code == 302
    authors = client.get(answer.location.replace("/edit", "/authors"))
    assert "緑山工業の担当者に案内を送る" in authors.text
    with app.app_context():
        proposal = queries.own_proposals_page(built.actor("officer"), 1).items[0]
        assert (proposal.origin_kind, proposal.need_id, proposal.offering_id) == (
            "pair", need, offering,
        )  # fmt: skip
        assert proposal.origin_facts["need"]["amount"] == "12 t"


def test_a_recommended_pair_answers_a_call(app: Flask, built: World) -> None:
    with app.app_context():
        need, offering = published(built, "need"), published(built, "offering")
        db.session.commit()
        process_index_queue(clock.now())
    pages = f"/needs/{need}", f"/offerings/{offering}", f"/needs/{need}/recommendations"
    for name, shown in (("officer", True), ("maker", True), ("hauler", False), ("reader", False)):
        client = browser(app, name)
        assert all((PAIR_LINK in client.get(page).text) is shown for page in pages), name
    assert PAIR_LINK not in app.test_client().get(pages[0]).text
    here = f"/proposals/new?need={need}&offering={offering}"
    officer = browser(app, "officer")
    assert here.replace("&", "&amp;") in officer.get(pages[0]).text
    only_one = officer.get(here)
    values = f"need={need}&offering={offering}"
    assert only_one.location == f"/calls/{built.call_id}/proposals/new?{values}"
    with app.app_context():
        second = make_call(clock.now()).id
        db.session.commit()
    choice = officer.get(here).text
    assert all(f"/calls/{each}/proposals/new" in choice for each in (built.call_id, second))


def test_without_a_call_to_answer_a_pair_leads_nowhere(app: Flask, built: World) -> None:
    with app.app_context():
        need = published(built, "need")
        published(built, "offering")
        db.session.get_one(Call, built.call_id).categories = ["npo"]
        db.session.commit()
        process_index_queue(clock.now())
    officer = browser(app, "officer")
    page = officer.get(f"/needs/{need}").text
    assert "竹を引き取ります" in page
    assert PAIR_LINK not in page
    assert "応じられる公募はありません" in officer.get(f"/proposals/new?need={need}").text


def test_facts_are_what_the_writer_may_see(world: World) -> None:
    need, offering = published(world, "need"), published(world, "offering")
    assert origins.origin_of(need, None, VISITOR).facts["need"]["amount"] == ""
    with pytest.raises(NotFound):
        origins.origin_of(None, offering, VISITOR)
    facts = origins.origin_of(need, offering, world.actor("hauler")).facts
    assert facts["offering"]["title"] == "竹を引き取ります"


def test_without_an_open_call_the_page_of_a_post_says_so(app: Flask, built: World) -> None:
    with app.app_context():
        need = published(built, "need")
        db.session.get_one(Call, built.call_id).state = CallState.CANCELLED
        db.session.commit()
    assert "受け付けている公募はありません" in browser(app, "officer").get(f"/needs/{need}").text
    assert "提案を始める" not in app.test_client().get(f"/needs/{need}").text


def test_vectors_find_proposals_that_mean_the_same(world: World) -> None:
    text = "竹林の竹を切り、炭にして畑に使います。"
    first, second = world.submitted("officer", "竹", text), world.submitted("hauler", "竹", text)
    third = world.submitted("maker", "廃プラ", "プラスチックごみを洗って分別します。")
    encoder = CharacterEncoder()
    db.session.commit()
    assert encode_waiting(encoder, clock.now()) == 3
    assert encode_waiting(encoder, clock.now()) == 0
    assert len(db.session.scalars(select(ProposalVector)).all()) == 3
    all_of_them = queries.proposals_of(world.call_id)
    questionnaire = Questionnaire.from_data(world.call().questions)
    found = similarities(all_of_them, questionnaire, encoder.model_id)
    assert not found.by_words
    assert {found.pairs[0].first.id, found.pairs[0].second.id} == {first.id, second.id}
    assert all(third.id not in (pair.first.id, pair.second.id) for pair in found.pairs)
    by_words = similarities(all_of_them, questionnaire, "")
    assert by_words.by_words
    assert by_words.pairs[0].sentences is not None


def test_old_autosaves_are_thinned_and_what_counts_stays(world: World) -> None:
    proposal = world.begin()
    for number in range(4):
        proposal = world.write(proposal, plan=f"文{number}。")
    old = clock.now() - timedelta(days=30)
    for row in db.session.scalars(select(ProposalRevision)):
        row.is_autosave, row.at = row.number > 1, old.replace(hour=3)
    proposal.submitted_revision = 3
    db.session.commit()
    assert jobs.thin_revisions(clock.now()) == 2
    kept = db.session.scalars(select(ProposalRevision.number)).all()
    assert sorted(kept) == [1, 3, 5]
    found = queries.base_revision(proposal.id, 4)
    assert found is not None
    assert found.number == 3
