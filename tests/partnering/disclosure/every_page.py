"""Every page, list, calendar and file that a reader can get, found by the application's own map."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.routing import BuildError, Rule
from werkzeug.test import TestResponse

from matchmaker.core import clock
from tests.partnering.introductions.world import World

SOON = timedelta(minutes=5)
CHANGING = re.compile(
    r'((?:name="(?:csrf[-_]token|key|submission_key|form_key)"|id="csrf_token")[^>]*'
    r'(?:value|content)=|nonce=)"[^"]*"|/static/[^"\s]*'
)
"""What differs between two requests for the same page, and the names of built styles."""
LEFT_OUT = ("static", "health.", "security.", "developer_mail.", "accounts.")
"""Files of the service itself, how it feels, the mailbox of developers, when oneself signed in."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKED_FOR = (
    "/needs?view=map", "/offerings?view=map", "/needs?sort=updated", "/needs?sort=largest",
    "/needs?tonnes_from=150", "/offerings?sort=updated", "/needs?q=竹", "/offerings?q=竹",
    "/search?q=竹を年150トン引き取ります", "/search?q=竹を年150トン片づけたい",
    "/needs/export?format=csv", "/needs/export?format=xlsx", "/offerings/export?format=csv",
    "/offerings/export?format=xlsx", "/blank-map?by=region&show=all", "/blank-map?show=all",
    "/blank-map?by=municipality&show=all",
)  # fmt: skip
"""Searches, filters, orders, maps and exports of the posts."""


class Reader(FlaskClient):
    """A browser that remembers no earlier reader, though the test holds an application context."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Forget what earlier requests left, then send."""
        if has_app_context():
            vars(g).clear()
        return super().open(*args, **kwargs)


def paths(world: World, extra: dict[str, str]) -> list[str]:
    """All addresses that can be built from what the world holds.

    Args:
        extra: further values for the addresses, by the name of the parameter.
    """
    found = [*ASKED_FOR]
    for rule in world.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith(LEFT_OUT):
            found += _built(world.app, rule, list(_values(world, rule, extra)))
    return sorted(set(found))


def _values(world: World, rule: Rule, extra: dict[str, str]) -> Iterator[dict[str, str]]:
    town, firms = world.posts["青空町"], (world.posts["緑山工業"], world.posts["白浜運輸"])
    pair = {"need_id": town, "offering_id": firms[0]}
    known = {**pair, "organization_id": world.organizations["青空町"], **extra}
    about = {"needs": (town,), "need": (town,), "offerings": firms, "offering": firms}
    kinds = [kind for kind in about if re.search(rf"\b{kind}\b", str(rule.rule))]
    for kind in kinds or [""]:
        for post in about.get(kind, (town,)):
            own = {"kind": kind, "post_id": post, "record_id": post}
            if {"introduction_id", "match_id"} & rule.arguments and not extra:
                continue
            yield {name: str(value) for name, value in {**known, **own}.items()}


def _built(app: Flask, rule: Rule, values: list[dict[str, str]]) -> list[str]:
    found = []
    adapter = app.url_map.bind("localhost")
    for each in values:
        if rule.arguments - each.keys():
            continue
        try:
            chosen = {name: each[name] for name in rule.arguments}
            found.append(adapter.build(rule.endpoint, chosen))
        except (BuildError, ValueError):
            continue
    return found


def seen(world: World, name: str, only: Iterable[str] = (), **extra: str) -> dict[str, Any]:
    """Every byte that a reader can get, without what changes with each request.

    Args:
        name: a person of the world; empty for a visitor.
        only: addresses to be read; all there are when left out.
        extra: values for further addresses (``introduction_id``, ``match_id``).

    Returns:
        What came back by address; addresses that the reader may not open are left out.
    """
    world.app.test_client_class = Reader
    own = world.browser(name) if name else None

    def page(path: str) -> Any:
        # A visitor who was sent to sign in would read of it on the next page.
        return _steady((own or world.app.test_client()).get(path))

    # Pages say at which minute they were made.
    with patch.object(clock, "now", return_value=world.now + SOON):
        told = {path: page(path) for path in only or paths(world, extra)}
        links = sorted({link for text in told.values() for link in _gaps(text)} - told.keys())
        told.update({path: page(path) for path in links})
    return {path: text for path, text in told.items() if text is not None}


def _gaps(page: Any) -> list[str]:
    """Links into the blank map, whose addresses only its own page knows."""
    if not isinstance(page, str):
        return []
    return [
        link.replace("&amp;", "&") for link in re.findall(r'href="(/blank-map/gap[^"]*)"', page)
    ]


def _steady(answer: Any) -> Any:
    if answer.status_code != 200:
        return None
    if answer.mimetype == "text/html":
        return CHANGING.sub("", answer.text)
    if answer.mimetype == WORKBOOK:
        book = load_workbook(io.BytesIO(answer.data), data_only=True)
        return {sheet.title: list(sheet.values) for sheet in book.worksheets}
    return answer.data


def searched_for(world: World, name: str, word: str) -> str:
    """The list of needs that a word gives, without the word itself."""
    client: FlaskClient = world.browser(name) if name else world.app.test_client()
    return CHANGING.sub("", client.get(f"/needs?q={word}").text).replace(word, "")
