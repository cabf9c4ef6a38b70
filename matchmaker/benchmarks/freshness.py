"""How soon a saved post is found in another process, and how soon a started process ranks.

Two web processes and the worker on a throw-away database: what is saved through one over HTTP is
looked for through the other, in the ranking and in the free-text search.
"""

from __future__ import annotations

import json
import random
import re
import string
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from config import Settings
from embeddings.text import text_hash
from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.benchmarks.corpus import NEEDS, OFFERINGS, fill
from matchmaker.benchmarks.registrations.browser import Browser, Page, Timings
from matchmaker.benchmarks.registrations.filling import session_of
from matchmaker.benchmarks.serving import Servers, served
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.core.settings import current_settings
from matchmaker.matching.engine import engine_of
from matchmaker.matching.facts import FactsReader
from matchmaker.matching.models import IndexEntry, IndexRequest
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import LISTED_STATES, PostKind
from matchmaker.posts.models import Material

PROCESSES = 2
PATIENCE_SECONDS, PAUSE_SECONDS = 120.0, 0.02
OK, REDIRECT, CONFLICT = 200, 302, 409
MARK_LENGTH = 10
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SENT_BACK = ("csrf_token", "form_key", "revision")
"""Hidden fields that a form gives and wants back."""
MATERIALS = (("bamboo", "放置竹林・竹材"), ("food_waste", "生ごみ"), ("paper", "古紙・雑がみ"))
NEED = {
    "title": "山ぎわの竹を使ってほしい",
    "problem": "手入れのできない竹林が広がり、切った竹の行き先がありません。",
    "materials": "bamboo",
    "visibility": "public",
    "action": "submit",
}
MakeApp = Callable[[Settings], Flask]


def offering(mark: str) -> dict[str, str]:
    """What is typed for an offering that answers the need; nothing else holds the word ``mark``."""
    return {
        "kind": "technology",
        "title": f"竹を炭にして畑へ返します（{mark}）",
        "description": f"手入れのできない竹林の竹を切り、{mark} という炉で炭にします。",
        "input_materials": "bamboo",
        "visibility": "public",
        "action": "submit",
    }


@dataclass(frozen=True, slots=True)
class Place:
    """What the figures are taken on.

    Args:
        organization_id: in whose name posts are saved.
        need_id: a need with partners among the made-up offerings.
        session: cookie of somebody of the secretariat, whose posts are published at once.
    """

    organization_id: uuid.UUID
    need_id: uuid.UUID
    session: str


class Desk:
    """Somebody of the secretariat who works at one of the processes.

    Args:
        url: of the process.
        place: in whose name it is done.

    Attributes:
        pressed_at: when a form was sent last, by ``time.perf_counter``.
    """

    def __init__(self, url: str, place: Place) -> None:
        self.pressed_at = 0.0
        self._browser = Browser([url], Timings(), seed=0, session=place.session)
        self._owner = {"organization_id": str(place.organization_id)}

    def publish(self, kind: str, fields: Mapping[str, str]) -> uuid.UUID:
        """Write a post and publish it; gives its id.

        Args:
            kind: ``needs`` or ``offerings``.
            fields: what is typed, by name.
        """
        answer = self._send(f"/{kind}/new", f"/{kind}/new", {**self._owner, **fields})
        found = ID.search(answer.text)
        if found is None:
            raise RuntimeError(f"nothing was saved: {answer.text[:200]}")
        return uuid.UUID(found[0])

    def change(self, post_id: uuid.UUID, fields: Mapping[str, str]) -> bool:
        """Write something else over the content of an offering; False where another was first."""
        path = f"/offerings/{post_id}/edit"
        return self._send(path, path, fields).status == REDIRECT

    def pause(self, post_id: uuid.UUID) -> None:
        """Take an offering off the lists."""
        path = f"/offerings/{post_id}"
        self._send(f"{path}/edit", f"{path}/moves", {"move": "pause"})

    def ranks(self, need_id: uuid.UUID, offering_id: uuid.UUID) -> bool:
        """Whether the offering is among those recommended for the need."""
        return str(offering_id) in self.read(f"/needs/{need_id}/recommendations")

    def finds(self, text: str, offering_id: uuid.UUID) -> bool:
        """Whether the free-text search finds the offering."""
        return str(offering_id) in self.read(f"/search?kind=offering&q={text}")

    def read(self, path: str) -> str:
        """A page.

        Raises:
            RuntimeError: there is none.
        """
        page = self._browser.get(path)
        if page.status != OK:
            raise RuntimeError(f"GET {path} answered {page.status}")
        return page.text

    def _send(self, form: str, path: str, fields: Mapping[str, str]) -> Page:
        hidden = self._browser.get(form).hidden
        own = {name: hidden[name] for name in SENT_BACK if name in hidden}
        self.pressed_at = time.perf_counter()
        page = self._browser.post(path, {**own, **fields})
        if page.status not in (REDIRECT, CONFLICT):
            raise RuntimeError(f"POST {path} answered {page.status}")
        return page


def run_freshness_bench(
    make_app: MakeApp, settings: Settings, posts: int, rounds: int
) -> dict[str, Any]:
    """Start the service, then save, change and take away posts, each seen from the other process.

    Args:
        make_app: ``create_app``.
        settings: whose encoder is used; database and files go into a temporary folder.
        posts: made-up needs, and as many offerings, that are there before.
        rounds: how often each is done; the processes take turns.

    Returns:
        ``first_ranked_ms`` from the start until every process has answered with ranked partners;
        ``saved_ms`` from pressing the button to its answer; ``visible_elsewhere_ms``,
        ``changed_elsewhere_ms`` and ``gone_elsewhere_ms`` from pressing until the other process
        shows it in ranking and search (each ``p50`` and ``max``); ``disagreements``, posts whose
        entry in the index is not what the database says; ``posts``, ``rounds``, ``encoder``.
    """
    model = {
        "EMBEDDING_MODEL": settings.embedding_model,
        "MODEL_DIR": str(settings.resolved_model_dir()),
    }
    with served(PROCESSES, model) as servers:
        app = make_app(servers.settings())
        place, encoder = prepare(app, posts)
        first = start_until_ranked(servers, place)
        times, ids = measure([Desk(url, place) for url in servers.urls], rounds)
        wrong = disagreements(app, ids)
    return {
        "posts": posts, "rounds": rounds, "encoder": encoder, "first_ranked_ms": round(first),
        **{name: _figures(taken) for name, taken in times.items()},
        "disagreements": len(wrong),
    }  # fmt: skip


def prepare(app: Flask, posts: int) -> tuple[Place, str]:
    """Fill an empty database; gives the place and the name of the encoder (empty for none)."""
    now = clock.now()
    with app.app_context():
        for position, (code, name) in enumerate(MATERIALS):
            db.session.add(Material(code=code, name=name, position=position, is_active=True))
        data = OrganizationData("計測の団体", "municipality", "高知県", kana="ケイソク")
        organization_id = create_organization(data, SYSTEM, now).id
        staff = create_user("desk@meguriawase.example", "計測の事務局", None, now)
        grant_global_role(staff, GlobalRole.SECRETARIAT, now=now)
        session = session_of(app, staff.fs_uniquifier)
        db.session.commit()
        encoder = engine_of(app).encoder
        model = encoder.model_id if encoder else ""
        size = encoder.dimension if encoder else 0
        needs, _offerings = (
            fill(
                side, posts, organizations=[organization_id], materials=MATERIALS, now=now,
                model_id=model, dimension=size,
            )
            for side in (NEEDS, OFFERINGS)
        )  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    return Place(organization_id, needs[0], session), model


def start_until_ranked(servers: Servers, place: Place) -> float:
    """Start the processes; milliseconds until each has answered with ranked partners."""
    began = time.perf_counter()
    servers.start()

    def wait(url: str) -> float:
        desk = Desk(url, place)
        return _until(lambda: _has_partners(desk, place), began)

    with ThreadPoolExecutor(PROCESSES) as pool:
        return max(pool.map(wait, servers.urls))


def _has_partners(desk: Desk, place: Place) -> bool:
    return 'class="recommendation"' in desk.read(f"/needs/{place.need_id}/recommendations")


def measure(
    desks: Sequence[Desk], rounds: int
) -> tuple[Mapping[str, Sequence[float]], list[uuid.UUID]]:
    """Save, change and take away offerings through one process and look through the other.

    Args:
        desks: one at each of two processes; they take turns.
        rounds: how many offerings.

    Returns:
        Milliseconds by the name of the figure, and the ids of the offerings.
    """
    lot = random.Random(rounds)  # noqa: S311 - repeatable, not secret
    need_id = desks[0].publish("needs", NEED)
    times: dict[str, list[float]] = {}
    ids = []
    for number in range(rounds):
        saver, reader = desks[number % PROCESSES], desks[(number + 1) % PROCESSES]
        first, second = _mark(lot), _mark(lot)
        post_id = saver.publish("offerings", offering(first))
        times.setdefault("saved_ms", []).append((time.perf_counter() - saver.pressed_at) * 1000)
        seen = _seen_by(reader, need_id, post_id, first)
        _note(times, "visible_elsewhere_ms", saver.pressed_at, seen)
        saver.change(post_id, offering(second))
        seen = _seen_by(reader, need_id, post_id, second)
        _note(times, "changed_elsewhere_ms", saver.pressed_at, seen)
        saver.pause(post_id)
        missed = _missed_by(reader, need_id, post_id, second)
        _note(times, "gone_elsewhere_ms", saver.pressed_at, missed)
        ids.append(post_id)
    return times, ids


def _mark(lot: random.Random) -> str:
    """A word that no other post has."""
    return "".join(lot.choices(string.ascii_lowercase, k=MARK_LENGTH))


def _note(
    times: dict[str, list[float]], name: str, began: float, is_so: Callable[[], bool]
) -> None:
    times.setdefault(name, []).append(_until(is_so, began))


def _seen_by(reader: Desk, need_id: uuid.UUID, post_id: uuid.UUID, mark: str) -> Callable[[], bool]:
    return lambda: reader.ranks(need_id, post_id) and reader.finds(mark, post_id)


def _missed_by(
    reader: Desk, need_id: uuid.UUID, post_id: uuid.UUID, mark: str
) -> Callable[[], bool]:
    return lambda: not reader.ranks(need_id, post_id) and not reader.finds(mark, post_id)


def _until(is_so: Callable[[], bool], began: float) -> float:
    """Milliseconds from ``began`` until something is so; it is asked again and again."""
    while not is_so():
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise RuntimeError(f"not so after {PATIENCE_SECONDS:.0f} s")
        time.sleep(PAUSE_SECONDS)
    return (time.perf_counter() - began) * 1000


def disagreements(app: Flask, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Offerings whose entry in the index is not what the database says once nothing waits."""
    _until(lambda: not _waits(app, ids), time.perf_counter())
    with app.app_context(), reading_only():
        posts = post_queries.get_many(OFFERING, ids)
        query = select(IndexEntry).where(IndexEntry.post_id.in_(ids))
        entries = {entry.post_id: entry for entry in db.session.scalars(query)}
        reader = FactsReader()
        wrong = [id_ for id_ in ids if not _agree(reader, posts[id_], entries.get(id_))]
        db.session.remove()
        db.engine.dispose()
    return wrong


def _waits(app: Flask, ids: Sequence[uuid.UUID]) -> bool:
    with app.app_context(), reading_only():
        query = select(IndexRequest.seq).where(IndexRequest.post_id.in_(ids)).limit(1)
        found = db.session.scalar(query) is not None
        db.session.remove()
    return found


def _agree(reader: FactsReader, post: Any, entry: IndexEntry | None) -> bool:
    is_listed = post.state in LISTED_STATES
    text = text_hash(reader.read(PostKind.OFFERING, post))
    return entry is not None and (entry.is_listed, entry.text_hash) == (is_listed, text)


def _figures(taken: Sequence[float]) -> dict[str, float]:
    times = sorted(taken)
    return {"p50": round(times[len(times) // 2], 1), "max": round(times[-1], 1)}


def render_freshness_bench(result: Mapping[str, Any]) -> str:
    """The figures in lines for people."""
    return "\n".join(f"{name:22} {value}" for name, value in result.items())


def freshness_command(make_app: MakeApp) -> click.Command:
    """The command that looks for saved posts through another process."""

    @click.command("freshness")
    @click.option("--posts", type=click.IntRange(1, 20_000), default=1000, show_default=True)
    @click.option("--rounds", type=click.IntRange(1, 1000), default=20, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def freshness(posts: int, rounds: int, as_json: bool) -> None:
        """Save posts through one process and look for them through another, over HTTP."""
        result = run_freshness_bench(make_app, current_settings(), posts, rounds)
        text = json.dumps(result, ensure_ascii=False) if as_json else render_freshness_bench(result)
        click.echo(text)

    return freshness
