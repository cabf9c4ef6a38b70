"""How long an import of many rows takes, until every row can be found by its meaning."""

from __future__ import annotations

import io
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from openpyxl import Workbook
from sqlalchemy import func, select

from config import Settings
from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.benchmarks.corpus import NEEDS, SEED, sentences
from matchmaker.benchmarks.throwaway import throwaway_app
from matchmaker.core import clock
from matchmaker.core.actor import Actor, OrganizationRole
from matchmaker.core.db import db
from matchmaker.core.spreadsheets.record_columns import header_of
from matchmaker.matching.engine import current_engine
from matchmaker.matching.indexing import waiting_requests
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.posts.imports import service
from matchmaker.posts.imports.domain import Choices, ImportMode
from matchmaker.posts.imports.jobs import run_due_imports
from matchmaker.seeding.accounts import DOMAIN
from matchmaker.seeding.loading import seed

COLUMNS = ("title", "problem", "materials", "quantity_min", "quantity_unit")
SENTENCES_A_ROW = 3


def run_import_bench(
    make_app: Callable[[Settings], Flask], settings: Settings, rows: int
) -> dict[str, Any]:
    """Import made-up needs from a workbook into a throw-away database.

    Returns:
        ``{"rows", "check_s", "write_s", "total_s", "encoder"}``: seconds until the file is
        checked, from there until all rows are written, and in all until each has its vectors.
    """
    with throwaway_app(make_app, settings) as (app, changed), app.app_context():
        now = clock.now()
        seed(changed, now, demo=True)
        process_index_queue(now)
        return _measure(_officer(), workbook(rows), rows, now)


def _officer() -> Actor:
    email = f"officer@{DOMAIN}"
    user = db.session.scalars(select(User).where(User.email == email)).one()
    member = OrganizationMember.user_id == user.id
    place = db.session.scalars(select(OrganizationMember).where(member)).one()
    roles = {place.organization_id: OrganizationRole.REPRESENTATIVE}
    return Actor(user_id=user.id, name=user.name, roles=roles)


def _measure(actor: Actor, content: bytes, rows: int, now: datetime) -> dict[str, Any]:
    before = db.session.scalar(select(func.count()).select_from(Need)) or 0
    started = time.perf_counter()
    organization_id = next(iter(actor.roles))
    job = service.check(NEED, organization_id, "needs.xlsx", content, actor, now)
    db.session.commit()
    checked = time.perf_counter()
    service.start(job, Choices(mode=ImportMode.ALL, submit=True), actor, now)
    db.session.commit()
    written_all = threading.Event()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    indexer = threading.Thread(target=_index_until, args=(written_all, app))
    indexer.start()
    while run_due_imports(clock.now()):
        pass
    written = time.perf_counter()
    written_all.set()
    indexer.join()
    ended = time.perf_counter()
    made = (db.session.scalar(select(func.count()).select_from(Need)) or 0) - before
    if made != rows or waiting_requests():
        raise RuntimeError(f"{made} of {rows} rows were written")
    return {
        "rows": rows,
        "check_s": round(checked - started, 1),
        "write_s": round(written - checked, 1),
        "total_s": round(ended - started, 1),
        "encoder": getattr(current_engine().encoder, "model_id", "none"),
    }


def _index_until(written: threading.Event, app: Flask) -> None:
    """Make entries beside the import, as the worker's threads do, until all rows have theirs."""
    with app.app_context():
        is_last = False
        while not is_last:
            is_last = written.is_set()
            process_index_queue(clock.now())
            time.sleep(0.2)
        db.session.remove()


def workbook(rows: int) -> bytes:
    """Needs made of the sentences of the demo, no two alike, as an Excel file."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    known = sentences(NEEDS.folder)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("needs")
    sheet.append([header_of(NEED.table.by_name[name]) for name in COLUMNS])
    for number in range(rows):
        text = "".join(chance.sample(known, SENTENCES_A_ROW))
        sheet.append(
            [
                f"計測の行 {number + 1}",
                f"{text}（{number + 1}）",
                "放置竹林・竹材",
                number + 1,
                "kg",
            ]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def render_import_bench(result: Mapping[str, Any]) -> str:
    """The figures for people."""
    return (
        f"{result['rows']:,} rows: checked in {result['check_s']} s, written {result['write_s']} s "
        f"later, found by meaning after {result['total_s']} s in all ({result['encoder']})"
    )
