"""Server time and number of statements of each page, on a throw-away database."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from config import Settings
from matchmaker.accounts.models import User
from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.benchmarks.corpus import NEEDS, OFFERINGS, fill
from matchmaker.benchmarks.introductions import fill_introductions
from matchmaker.benchmarks.throwaway import throwaway_app
from matchmaker.core import clock
from matchmaker.core.actor import GlobalRole
from matchmaker.core.db import db
from matchmaker.matching.engine import engine_of
from matchmaker.matching.setup import warm_up
from matchmaker.organizations.models import Organization
from matchmaker.posts.models import Material
from matchmaker.seeding.accounts import DOMAIN
from matchmaker.seeding.loading import seed

WARM_UP = 2
SAVING = "save a new need and read its partners"
OFFICER = f"officer@{DOMAIN}"
TYPED = {
    "title": "庁舎の建て替えで余る机",
    "problem": "古い庁舎を取りこわします。事務机といすが余るので、使ってくれる相手を探しています。",
    "visibility": "public",
    "action": "submit",
}
SLOW_PERCENTILE = 95


def run_page_bench(
    make_app: Any, settings: Settings, needs: int, offerings: int, rounds: int = 20
) -> dict[str, Any]:
    """Fill a database and time each page.

    Args:
        make_app: ``create_app``.
        settings: settings to start from; database and files go into a temporary folder.
        needs: number of needs.
        offerings: number of offerings.
        rounds: how often each page is asked for.

    Returns:
        ``{"needs", "offerings", "pages": {path: {"p50_ms", "p95_ms", "queries"}}}``; times in
        milliseconds of server time, ``queries`` the number of statements.
    """
    with throwaway_app(make_app, settings) as (app, changed):
        with app.app_context():
            paths = _fill(app, changed, needs, offerings)
            db.session.remove()
        # As each process does that serves: else Python's collector is what is measured.
        warm_up(app).join()
        pages = {
            path: time_page(app, client_of(app, user), path, rounds) for path, user in paths.items()
        }
        pages[SAVING] = _time_saving(app, rounds)
    return {"needs": needs, "offerings": offerings, "pages": pages}


def _fill(app: Flask, settings: Settings, needs: int, offerings: int) -> dict[str, str]:
    """Fill the database; gives the pages to ask for with the user who asks (empty: a visitor)."""
    now = clock.now()
    seed(settings, now, demo=True)
    engine = engine_of(app)
    encoder = engine.encoder
    organizations = db.session.scalars(select(Organization.id).order_by(Organization.id)).all()
    materials = [
        (m.code, m.name) for m in db.session.scalars(select(Material).order_by(Material.position))
    ]
    ids = {
        side.kind: fill(
            side, count, organizations=organizations, materials=materials, now=now,
            model_id=encoder.model_id if encoder else "",
            dimension=encoder.dimension if encoder else 0,
        )
        for side, count in ((NEEDS, needs), (OFFERINGS, offerings))
    }  # fmt: skip
    posts = ids[NEEDS.kind], ids[OFFERINGS.kind]
    fill_introductions(*posts, min(map(len, posts)) // 2, now)
    user = create_user("bench@meguriawase.example", "計測", uuid.uuid4().hex, now)
    grant_global_role(user, GlobalRole.SECRETARIAT, now=now)
    db.session.commit()
    officer = db.session.scalars(select(User).where(User.email == OFFICER)).one()
    pages = _public_pages(posts[0][0], posts[1][0])
    return {
        **dict.fromkeys(pages, ""),
        **dict.fromkeys(_pages_of_secretariat(posts[0][0]), user.fs_uniquifier),
        "/introductions": officer.fs_uniquifier,
    }


def _public_pages(need: uuid.UUID, offering: uuid.UUID) -> list[str]:
    return [
        "/",
        "/needs",
        "/needs?q=竹",
        "/needs?material=bamboo&prefecture=福岡県",
        "/needs?view=map",
        f"/needs/{need}",
        "/offerings",
        "/offerings?q=堆肥",
        "/offerings?kind=technology&method=large_scale_recycling",
        "/offerings?view=map",
        f"/offerings/{offering}",
        "/organizations",
        "/cases",
        "/search?q=使い終わったおむつを燃やさずにすませたい",
        "/blank-map",
        "/introduction-figures/public",
    ]


def _pages_of_secretariat(need: uuid.UUID) -> list[str]:
    return [
        "/needs?sort=largest&page=50",
        "/dashboard",
        "/secretariat/reviews",
        "/blank-map?show=all",
        "/introduction-board",
        "/introduction-figures",
        f"/lineage/need/{need}",
    ]


def client_of(app: Flask, user: str) -> FlaskClient:
    """A browser in which a person is signed in, named as sessions do (empty: a visitor)."""
    client = app.test_client()
    if user:
        with client.session_transaction() as session:
            session["_user_id"] = user
            session["_fresh"] = True
    return client


def time_page(app: Flask, client: FlaskClient, path: str, rounds: int) -> Mapping[str, float]:
    """Server time (ms) and number of statements of one page, asked for again and again."""
    taken: list[float] = []
    counts: list[int] = []
    for number in range(WARM_UP + rounds):
        with _counted(app) as statements:
            started = time.perf_counter()
            status = client.get(path).status_code
            ms = (time.perf_counter() - started) * 1000
        if status != 200:  # noqa: PLR2004
            raise RuntimeError(f"{path} answered {status}")
        if number >= WARM_UP:
            taken.append(ms)
            counts.append(len(statements))
    return _figures(taken, counts)


def _time_saving(app: Flask, rounds: int) -> Mapping[str, float]:
    """From pressing the button to the page with the partners: the answer and where it leads."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        officer = db.session.scalars(select(User).where(User.email == OFFICER)).one()
        client = client_of(app, officer.fs_uniquifier)
    taken: list[float] = []
    counts: list[int] = []
    for number in range(WARM_UP + rounds):
        typed = {**TYPED, "background": f"{number}回目の計測です。"}
        with _counted(app) as statements:
            started = time.perf_counter()
            answer = client.post("/needs/new", data=typed, follow_redirects=True)
            ms = (time.perf_counter() - started) * 1000
        if 'id="partners"' not in answer.text:
            raise RuntimeError(f"saving answered {answer.status_code} without partners")
        if number >= WARM_UP:
            taken.append(ms)
            counts.append(len(statements))
    return _figures(taken, counts)


def _figures(taken: list[float], counts: list[int]) -> Mapping[str, float]:
    return {
        "p50_ms": round(float(np.percentile(taken, 50)), 1),
        "p95_ms": round(float(np.percentile(taken, SLOW_PERCENTILE)), 1),
        "queries": max(counts),
    }


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def render_page_bench(result: Mapping[str, Any]) -> str:
    """The figures as a table for people."""
    lines = [
        f"needs: {result['needs']:,}  offerings: {result['offerings']:,}",
        f"{'page':56} {'p50 ms':>8} {'p95 ms':>8} {'queries':>8}",
    ]
    for path, figures in result["pages"].items():
        lines.append(
            f"{path:56} {figures['p50_ms']:8.1f} {figures['p95_ms']:8.1f} {figures['queries']:8d}"
        )
    return "\n".join(lines)
