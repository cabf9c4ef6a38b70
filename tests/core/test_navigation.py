"""Menus show what exists and what the person may see."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from matchmaker.core import navigation
from matchmaker.core.actor import Actor, GlobalRole

MEMBER = Actor(user_id=uuid.UUID(int=1))
COORDINATOR = Actor(uuid.UUID(int=2), global_roles=frozenset({GlobalRole.SECRETARIAT}))


@pytest.fixture
def site() -> Flask:
    """A site with a few of the pages."""
    app = Flask("navigation")
    navigation.init_app(app)
    for path, endpoint in (
        ("/needs", "needs.index"),
        ("/needs/<int:number>", "needs.show"),
        ("/dashboard", "dashboard.index"),
        ("/secretariat", "secretariat.index"),
    ):
        app.add_url_rule(path, endpoint, lambda **_: "")
    return app


def test_pages_that_do_not_exist_are_left_out(site: Flask) -> None:
    with site.test_request_context("/"):
        assert [link.label for link in navigation.navigation()] == ["ニーズ"]
        assert navigation.footer_navigation() == []


def test_the_present_page_and_its_section_are_marked(site: Flask) -> None:
    with site.test_request_context("/needs"):
        assert navigation.navigation()[0].current == "page"
    with site.test_request_context("/needs/3"):
        assert navigation.navigation()[0].current == "section"


def test_visitors_members_and_the_secretariat_see_their_own_entries(site: Flask) -> None:
    with site.test_request_context("/"):
        seen = [
            [link.label for link in navigation.personal_navigation(actor)]
            for actor in (None, MEMBER, COORDINATOR)
        ]
    assert seen == [[], ["マイページ"], ["マイページ", "事務局の画面"]]


def test_an_address_keeps_its_query_but_for_the_changes(site: Flask) -> None:
    with site.test_request_context("/needs?material=bamboo&material=wood&page=3"):
        assert (
            navigation.url_with(page=None, sort="new")
            == "/needs?material=bamboo&material=wood&sort=new"
        )
        assert navigation.url_with(material=["food"]) == "/needs?page=3&material=food"
    with site.test_request_context("/needs/3?tab=talk"):
        assert navigation.url_with(tab="matches") == "/needs/3?tab=matches"


def test_menus_can_be_drawn_outside_a_request(site: Flask) -> None:
    site.config["SERVER_NAME"] = "example.jp"
    with site.app_context():
        assert navigation.navigation()[0].current == ""
        assert navigation.url_if_exists("home.index") is None
