"""Home, information pages and dashboards, on the seeded database."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.matching.domain import Explanation, Quote, Recommendation, Strength
from matchmaker.needs.models import Need
from matchmaker.pages import policy
from matchmaker.pages.example import is_telling
from matchmaker.pages.figures import KEY
from matchmaker.pages.views import HELP_PAGES
from matchmaker.posts.domain import PostState
from matchmaker.posts.models import WorkingCopy
from tests.seeding.seeded import NOW, Visit, counted_statements

HOME_BUDGET, DASHBOARD_BUDGET = 20, 60
NO_NEEDS = '<p class="stat__value">0<span class="stat__unit">件</span></p>'


def test_only_those_who_signed_in_have_a_dashboard() -> None:
    assert policy.can_open_dashboard(Actor(user_id=uuid.uuid4()))
    assert not policy.can_open_dashboard(VISITOR)


def test_home_shows_what_is_going_on(app: Flask) -> None:
    page = app.test_client().get("/").get_data(as_text=True)
    for text in ("自治体の方", "事業者の方", "まず見てみる方", "公開中のニーズ", "公開情報より"):
        assert text in page
    assert '81<span class="stat__unit">件' in page
    assert "data-japan-map" in page
    assert "九州地方資源循環自治体フォーラム" in page


def test_home_keeps_its_figures_for_a_while_and_its_query_budget(app: Flask) -> None:
    client = app.test_client()
    client.get("/")
    with app.app_context():
        for need in db.session.scalars(select(Need)):
            need.state = PostState.PAUSED
        db.session.commit()
    with counted_statements(app) as statements:
        kept = client.get("/").get_data(as_text=True)
    assert len(statements) <= HOME_BUDGET
    assert NO_NEEDS not in kept
    app.extensions[KEY].forget()
    fresh = client.get("/").get_data(as_text=True)
    assert NO_NEEDS in fresh


def test_home_shows_no_pair_that_words_alone_have_found(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["index", "update"]).exit_code == 0
    app.test_client().get("/search?q=竹")
    app.extensions[KEY].forget()
    assert "たとえば、こんな出会い" not in app.test_client().get("/").get_data(as_text=True)


def pair(strength: Strength, mine: str, theirs: str) -> Recommendation:
    quotes = [Quote("困っていること", text) if text else None for text in (mine, theirs)]
    return Recommendation(None, 1, strength, Explanation((), (), (), quotes[0], quotes[1], ""))


def test_only_strong_pairs_of_whole_sentences_are_telling() -> None:
    sentence = "放置された竹林の竹を町の中で使い切りたい。"
    assert is_telling(pair(Strength.STRONG, sentence, sentence))
    assert not is_telling(pair(Strength.FAIR, sentence, sentence))
    assert not is_telling(pair(Strength.STRONG, sentence, ""))
    assert not is_telling(pair(Strength.STRONG, "竹です。", sentence))
    assert not is_telling(pair(Strength.STRONG, sentence, sentence * 10))


@pytest.mark.parametrize("name", ["", *(f"/{page}" for page in HELP_PAGES)])
def test_information_pages(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/help{name}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/blank-map", "/introduction-figures/public", "/public-pilots", "/support-programmes"],
)
def test_the_help_leads_a_visitor_to_what_everybody_may_read(app: Flask, path: str) -> None:
    client = app.test_client()
    assert f'href="{path}"' in client.get("/help").text
    assert client.get(path).status_code == 200


def test_a_visitor_is_sent_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get("/dashboard")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


@pytest.mark.parametrize(
    ("who", "texts"),
    [
        ("officer", ["直して申し込み直す", "下書きを仕上げる", "笹野原町", "わたしたちのニーズ"]),
        ("startup", ["わたしたちのシーズ", "確認待ち", "シーズを書く"]),
        ("recycler", ["わたしたちのシーズ", "株式会社奥備後リソース"]),
        ("coordinator", ["掲載の申し込みを確認する", "ニーズ3件、シーズ2件", "掲載の確認"]),
        ("reviewer", ["審査する：", "ニーズを読む"]),
        ("operator", ["お待たせしていることはありません", "操作の記録"]),
    ],
)  # fmt: skip
def test_each_dashboard_begins_with_what_waits(
    signed_in: Visit, who: str, texts: list[str]
) -> None:
    answer = signed_in(who).get("/dashboard")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    for text in texts:
        assert text in page
    assert page.find("対応を待って") < page.find("できること")


def test_an_unfinished_form_and_partners_are_on_the_dashboard(app: Flask, signed_in: Visit) -> None:
    token = uuid.uuid4().hex
    with app.app_context():
        user_id = db.session.scalar(select(User.id).where(User.email.startswith("officer@")))
        assert user_id
        key = f"need:new:{token}"
        copy = WorkingCopy(user_id=user_id, form_key=key, title="", payload={}, saved_at=NOW)
        db.session.add(copy)
        db.session.commit()
    assert app.test_cli_runner().invoke(args=["index", "update"]).exit_code == 0
    client = signed_in("officer")
    with counted_statements(app) as statements:
        page = client.get("/dashboard").get_data(as_text=True)
    assert f"/needs/new?form={token}" in page
    assert "件名のないニーズ" in page
    assert "理由とほかの候補を見る" in page
    assert len(statements) <= DASHBOARD_BUDGET


def test_a_post_about_to_end_waits_with_its_last_day(app: Flask, signed_in: Visit) -> None:
    client = signed_in("officer")
    assert "掲載を続けるか決める" not in client.get("/dashboard").get_data(as_text=True)
    with app.app_context():
        need = db.session.scalar(select(Need).where(Need.title.contains("竹を、町の中で")))
        assert need
        need.valid_until = clock.today(clock.now()) + timedelta(days=5)
        db.session.commit()
    page = client.get("/dashboard").get_data(as_text=True)
    assert "掲載を続けるか決める" in page
    assert "あと5日" in page
