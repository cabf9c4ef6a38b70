"""Pages of the ledger in a browser without JavaScript."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, OrganizationRole
from matchmaker.core.db import db
from matchmaker.matching.engine import current_engine
from matchmaker.matching.ledger import queries
from matchmaker.matching.ledger.domain import Fit
from matchmaker.matching.ledger.scanning import scan_due
from matchmaker.organizations.models import Organization
from tests.matching.ledger.test_service import rewrite
from tests.matching.ledger.world import Bench

QUEUE = "/evaluation-ledger"
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')


def hidden_of(page: TestResponse) -> dict[str, str]:
    """Hidden fields of the form for judging."""
    form = page.text[page.text.index("data-judging") :]
    return dict(HIDDEN.findall(form[: form.index("</form>")]))


def send_judgement(client: FlaskClient, bench: Bench, **fields: str) -> TestResponse:
    page = client.get(bench.address)
    return client.post(f"{bench.address}/judgements", data={**hidden_of(page), **fields})


def scan(bench: Bench) -> int:
    with bench.world.app.app_context():
        return scan_due(current_engine(), clock.now())


def test_a_judge_goes_through_the_queue(bench: Bench) -> None:
    assert scan(bench) == 1
    client = bench.world.client("second")
    page = client.get(QUEUE)
    assert "放置竹林の竹を使いたい" in page.text
    assert "竹を炭にします" in page.text
    assert "この品目の判定がまだ少ないです" in page.text
    sent = client.post(
        f"{bench.address}/judgements", data={**hidden_of(page), "fit": "fits", "reason": "content"}
    )
    assert sent.location == QUEUE
    rest = client.get(QUEUE)
    assert "判定を記録しました" in rest.text
    assert "いま、判定をお願いしたい組はありません" in rest.text
    with bench.world.app.app_context():
        (entry,) = queries.entries()
        assert (entry.grade, entry.need_id) == (2, bench.pair[0])
    assert "放置竹林の竹を使いたい" in bench.world.client("reviewer").get(QUEUE).text


def test_a_skipped_pair_does_not_come_back_at_once(bench: Bench) -> None:
    scan(bench)
    client = bench.world.client("second")
    page = client.get(QUEUE)
    token = hidden_of(page)["csrf_token"]
    for _press in range(2):
        assert client.post(f"{bench.address}/skips", data={"csrf_token": token}).status_code == 302
    assert "いま、判定をお願いしたい組はありません" in client.get(QUEUE).text


def test_a_missing_reason_is_told_at_its_field_and_nothing_is_lost(bench: Bench) -> None:
    client = bench.world.client("second")
    page = send_judgement(client, bench, fit="not", note="炭は要らない町です。")
    assert page.status_code == 422
    assert "「不適」の理由を選んでください" in page.text
    assert "炭は要らない町です。" in page.text
    assert re.search(r'value="not" checked', page.text)
    nothing = send_judgement(client, bench, note="長い" * 300)
    assert nothing.status_code == 422
    assert "どれかを選んでください" in nothing.text


def test_others_are_hidden_until_one_has_judged(bench: Bench) -> None:
    with bench.world.app.app_context():
        bench.judge(bench.reviewer, Fit.NOT, "process", note="炭の釜を持っていない")
    client = bench.world.client("second")
    before = client.get(bench.address).text
    assert "ほかの人の判定が1件あります" in before
    assert "reviewerさん" not in before
    assert "炭の釜を持っていない" not in before
    send_judgement(client, bench, fit="fits", reason="content")
    after = client.get(bench.address).text
    assert "reviewerさん" in after
    assert "炭の釜を持っていない" in after
    assert "判定が分かれています" in after
    expert = bench.world.client("reviewer").get(bench.address).text
    assert "secondさん" not in expert, "to reviewers others have no names"
    assert "ほかの判定者" in expert


def test_a_judgement_is_taken_back_with_a_reason(bench: Bench) -> None:
    client = bench.world.client("second")
    send_judgement(client, bench, fit="fits")
    token = hidden_of(client.get(bench.address))["csrf_token"]
    address = f"{bench.address}/judgements/take-back"
    refused = client.post(address, data={"csrf_token": token, "revision": "1", "why": ""})
    assert refused.status_code == 422
    assert "取り消す理由を入れてください" in refused.text
    stale = client.post(address, data={"csrf_token": token, "revision": "9", "why": "まちがい"})
    assert stale.status_code == 422
    assert "まちがい" in stale.text
    done = client.post(address, data={"csrf_token": token, "revision": "1", "why": "まちがい"})
    assert done.status_code == 302
    assert "取り消しました（まちがい）" in client.get(bench.address).text


def test_a_second_window_keeps_what_was_typed(bench: Bench) -> None:
    client = bench.world.client("second")
    first = hidden_of(client.get(bench.address))
    client.post(f"{bench.address}/judgements", data={**first, "fit": "fits"})
    late = client.post(
        f"{bench.address}/judgements",
        data={**first, "fit": "not", "reason": "area", "note": "遠すぎます"},
    )
    assert late.status_code == 422
    assert "先に記録しました" in late.text
    assert "遠すぎます" in late.text


def test_a_rewritten_post_is_told_and_asked_again(bench: Bench) -> None:
    client = bench.world.client("second")
    send_judgement(client, bench, fit="fits")
    scan(bench)
    assert "いま、判定をお願いしたい組はありません" in client.get(QUEUE).text
    with bench.world.app.app_context():
        rewrite(bench, problem="竹ではなく、使い終わった紙に困っています。")
    scan(bench)
    page = client.get(QUEUE).text
    assert "前の判定のあとで書き直されました" in page
    assert "もう一度判定してください" in page
    assert "書き直し前" in client.get(f"{QUEUE}/entries").text


@pytest.mark.parametrize(
    "fields",
    [
        {"fit": "maybe"},
        {"fit": "fits", "side": "moon"},
        {"fit": "fits", "need_mark": "x" * 200},
        {"fit": "fits", "revision": "-1"},
        {"fit": "not", "reason": "DROP TABLE"},
        {"fit": "fits", "note": "あ" * 501},
    ],
)
def test_forged_fields_are_refused(bench: Bench, fields: dict[str, str]) -> None:
    client = bench.world.client("second")
    page = client.get(bench.address)
    sent = client.post(f"{bench.address}/judgements", data={**hidden_of(page), **fields})
    assert sent.status_code in (302, 422)
    with bench.world.app.app_context():
        assert len(queries.entries()) == (1 if fields.get("revision") else 0)


def test_a_forged_probability_or_place_is_left_out(bench: Bench) -> None:
    client = bench.world.client("second")
    send_judgement(client, bench, fit="fits", probability="nan", position="99999999999")
    with bench.world.app.app_context():
        own = queries.own_judgement(bench.second, bench.pair)
        assert own is not None
        assert (own.probability, own.position) == (None, None)


def test_the_own_organisation_s_pair_is_kept_from_a_judge(bench: Bench) -> None:
    scan(bench)
    with bench.world.app.app_context():
        bench.judge(bench.reviewer, Fit.FITS)
        user = db.session.get_one(User, bench.second.user_id)
        firm = db.session.get_one(Organization, bench.world.other_id)
        add_member(user, firm, OrganizationRole.READER, SYSTEM, clock.now())
        db.session.commit()
    client = bench.world.client("second")
    assert "いま、判定をお願いしたい組はありません" in client.get(QUEUE).text
    refused = client.get(bench.address)
    assert refused.status_code == 403
    assert "ご自分の団体" in refused.text
    assert "まだ記録がありません" in client.get(f"{QUEUE}/entries").text


def test_the_list_is_narrowed_and_taken_along_without_names(bench: Bench) -> None:
    with bench.world.app.app_context():
        bench.judge(bench.reviewer, Fit.NOT, "process", note="秘密のメモ")
        bench.judge(bench.second, Fit.FITS, "conditions")
    client = bench.world.client("second")
    listed = {
        query: client.get(f"{QUEUE}/entries?{query}").text
        for query in ("", "who=mine", "who=others", "region=関東", "material=bamboo_wood",
                      "material=paper", "split=1", "source=answer")
    }  # fmt: skip
    found = {query: text.count("ledger-list__item") for query, text in listed.items()}
    assert found == {
        "": 2, "who=mine": 1, "who=others": 1, "region=関東": 0, "material=bamboo_wood": 2,
        "material=paper": 0, "split=1": 2, "source=answer": 0,
    }  # fmt: skip
    assert "reviewerさん" not in "".join(listed.values())
    answer = client.get(f"{QUEUE}/entries.xlsx")
    cells = [list(row) for row in load_workbook(io.BytesIO(answer.data))["判定の記録"].values]
    assert cells[0][:2] == ["日時（日本時間）", "出どころ"]
    said: list[Any] = [(row[8], row[10], row[13]) for row in cells[1:]]
    assert sorted(said) == [("不適", 0, "ほかの判定者"), ("適", 3, "自分")]
    assert "秘密のメモ" not in repr(cells)


def test_a_reviewer_reads_the_own_judgements_alone(bench: Bench) -> None:
    with bench.world.app.app_context():
        bench.judge(bench.second, Fit.FITS)
    client = bench.world.client("reviewer")
    assert "まだ記録がありません" in client.get(f"{QUEUE}/entries").text
    assert "条件に合う記録はありません" in client.get(f"{QUEUE}/entries?who=others").text
    assert client.get(f"{QUEUE}/entries.xlsx").status_code == 403


def test_coverage_counts_pairs_and_agreement(bench: Bench) -> None:
    with bench.world.app.app_context():
        bench.judge(bench.second, Fit.FITS)
        bench.judge(bench.reviewer, Fit.NOT, "process")
    page = bench.world.client("second").get(f"{QUEUE}/coverage").text
    assert "同じ組を二人が判定したことが1回あり、そのうち0回は同じ判定" in page
    assert "material=bamboo_wood" in page
    assert "判定が分かれている組を見る" in page


def test_people_without_the_right_are_refused(bench: Bench) -> None:
    for name in ("editor", "stranger"):
        client = bench.world.client(name)
        for path in (QUEUE, bench.address, f"{QUEUE}/entries", f"{QUEUE}/coverage"):
            assert client.get(path).status_code == 403


def test_who_judges_too_fast_is_slowed_down(bench: Bench) -> None:
    client = bench.world.client("second")
    token = hidden_of(client.get(bench.address))["csrf_token"]
    statuses = {
        client.post(f"{bench.address}/skips", data={"csrf_token": token}).status_code
        for _ in range(62)
    }
    assert statuses == {302, 429}
