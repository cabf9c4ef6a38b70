"""The decisions log: numbers without gaps, replacement, who may write."""

from __future__ import annotations

import io
import threading
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict
from matchmaker.working_groups.groups.activity import queries
from matchmaker.working_groups.groups.activity.decisions import log_decision, replace_decision
from matchmaker.working_groups.groups.models import GroupDecision
from tests.working_groups.activity.conftest import Cast

DAY = date(2026, 4, 1)
THREADS, EACH = 8, 5


def log(cast: Cast, text: str = "月に1回集まる") -> str:
    with cast.app.app_context():
        decision = log_decision(cast.group(), text, DAY, SYSTEM, clock.now())
        decision_id = str(decision.id)
        db.session.commit()
    return decision_id


def test_numbers_have_no_gaps_and_no_doubles_when_many_write_at_once(cast: Cast) -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def write(number: int) -> None:
        try:
            start.wait()
            for each in range(EACH):
                with cast.app.app_context():
                    log_decision(cast.group(), f"{number}-{each}", DAY, SYSTEM, clock.now())
                    if each == 2:
                        db.session.rollback()
                    else:
                        db.session.commit()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with cast.app.app_context():
        query = select(GroupDecision.number).order_by(GroupDecision.number)
        numbers = db.session.scalars(query).all()
    assert numbers == list(range(1, THREADS * (EACH - 1) + 1))


def test_a_decision_is_replaced_and_stays_readable(cast: Cast) -> None:
    old = log(cast)
    path = cast.path(f"/decisions/{old}/replacements/new")
    fields = {"decided_on-year": "令和8", "decided_on-month": "4", "decided_on-day": "1"}
    chair = cast.browser("chair")
    empty = chair.send(path, text="2か月に1回集まる", reason="", **fields)
    assert empty.status_code == 422
    assert "2か月に1回集まる" in empty.text
    done = chair.send(path, text="2か月に1回集まる", reason="多すぎた", **fields)
    assert done.status_code == 302
    text = cast.browser("observer").open(cast.path("/decisions")).text
    for words in ("月に1回集まる", "2か月に1回集まる", "決定2に置き換えました", "多すぎた"):
        assert words in text
    late = chair.send(path, text="毎週", reason="足りない", **fields)
    assert late.status_code == 409


def test_only_one_of_two_replacements_at_once_counts(cast: Cast) -> None:
    log(cast)
    results: list[str] = []
    start = threading.Barrier(2)

    def replace(text: str) -> None:
        with cast.app.app_context():
            start.wait()
            old = db.session.scalars(select(GroupDecision).where(GroupDecision.number == 1)).one()
            try:
                replace_decision(cast.group(), old, text, DAY, "理由", SYSTEM, clock.now())
                db.session.commit()
                results.append("done")
            except Conflict:
                db.session.rollback()
                results.append("refused")

    threads = [threading.Thread(target=replace, args=(text,)) for text in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "refused"]
    with cast.app.app_context():
        assert queries.last_decision_number(cast.group_id) == 2


@pytest.mark.parametrize(
    ("text", "days", "message"),
    [("", 0, "決めたことを入れてください"), ("決めた", 1, "今日までの日")],
)
def test_a_decision_has_words_and_a_past_day(
    cast: Cast, text: str, days: int, message: str
) -> None:
    day = today(clock.now()) + timedelta(days=days)
    fields = {
        "decided_on-year": str(day.year),
        "decided_on-month": str(day.month),
        "decided_on-day": str(day.day),
    }
    page = cast.browser("chair").send(cast.path("/decisions/new"), text=text, **fields)
    assert page.status_code == 422
    assert message in page.text


def test_the_log_comes_out_as_an_excel_file_in_order(cast: Cast) -> None:
    log(cast, "甲")
    with cast.app.app_context():
        old = db.session.scalars(select(GroupDecision)).one()
        replace_decision(cast.group(), old, "乙", DAY, "変わった", SYSTEM, clock.now())
        db.session.commit()
    answer = cast.browser("observer").client.get(cast.path("/decisions/export.xlsx"))
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["番号", 1, 2]
    assert rows[1][2:5] == ("甲", 2, "変わった")


def test_outsiders_do_not_read_decisions(cast: Cast) -> None:
    log(cast)
    for who, status in (("visitor", 302), ("stranger", 404), ("observer", 200)):
        assert cast.browser(who).client.get(cast.path("/decisions")).status_code == status
    assert cast.browser("member").client.get(cast.path("/decisions/new")).status_code == 404
