"""The vocabulary's screen, step by step."""

from __future__ import annotations

import io
import re

from flask import Flask
from openpyxl import load_workbook

from matchmaker.core.db import db
from matchmaker.matching.terms import queries
from tests.seeding.seeded import Visit, counted_statements

WORD = {"text": "モウソウダケ", "side": "town", "source": "青空町の計画", "revision": "0"}
CONCEPT = {
    "kind": "material",
    "label": "葦",
    "value": "",
    "town": "ヨシ原、ヨシ刈り",
    "company": "葦ペレット",
    "source": "青空町の計画",
}


def test_the_list_finds_by_name_and_word_in_few_statements(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    text = client.get("/vocabulary?q=孟宗竹").text
    assert "放置竹林" in text
    assert "リユース買取" not in text
    with counted_statements(app) as statements:
        client.get("/vocabulary")
    assert len(statements) <= 12
    assert "見つかりません" in client.get("/vocabulary?q=まったくないことば").text
    for query in ("page=999", "kind=nonsense&state=nonsense", "kind=stage", "state=changed"):
        assert client.get(f"/vocabulary?{query}").status_code == 200


def test_a_word_is_added_after_its_effect_was_shown(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    first = client.post("/vocabulary/bamboo/terms", data=WORD)
    assert "保存すると変わること" in first.text
    with app.app_context():
        assert queries.thesaurus_stamp()[0] == 0
    done = client.post("/vocabulary/bamboo/terms", data={**WORD, "confirmed": "1"})
    assert done.status_code == 302
    page = client.get(done.location).text
    assert "事務局が追加" in page
    assert "読み直しています" in page
    again = client.post("/vocabulary/bamboo/terms", data={**WORD, "confirmed": "1"})
    assert again.status_code == 409
    assert "青空町の計画" in again.text


def test_a_clash_is_shown_before_saving(signed_in: Visit) -> None:
    client = signed_in("coordinator")
    data = {**WORD, "text": "間伐材"}
    text = client.post("/vocabulary/bamboo/terms", data=data).text
    assert "ほかの意味で使われています" in text
    assert "林地残材" in text
    refused = client.post("/vocabulary/bamboo/terms", data={**data, "confirmed": "1"})
    assert refused.status_code == 409
    taken = client.post(
        "/vocabulary/bamboo/terms", data={**data, "confirmed": "1", "take_over": "1"}
    )
    assert taken.status_code == 302


def test_a_word_is_switched_off_with_a_reason(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    data = {"text": "孟宗竹", "state": "off", "revision": "0"}
    missing = client.post("/vocabulary/bamboo/term-switches", data=data)
    assert missing.status_code == 422
    assert "理由を入れてください" in missing.text
    data["reason"] = "地名に多い"
    assert "利用を止める前に" in client.post("/vocabulary/bamboo/term-switches", data=data).text
    done = client.post("/vocabulary/bamboo/term-switches", data={**data, "confirmed": "1"})
    assert done.status_code == 302
    with app.app_context():
        concept = queries.concept_with("bamboo")
        assert concept is not None
        assert "孟宗竹" not in concept.town_words
    stale = client.post(
        "/vocabulary/bamboo/switches",
        data={"state": "off", "revision": "0", "reason": "全体", "confirmed": "1"},
    )
    assert stale.status_code == 409
    assert "先に変えました" in stale.text


def test_a_new_concept_goes_through_the_same_two_steps(app: Flask, signed_in: Visit) -> None:
    client = signed_in("coordinator")
    assert "「葦」を加える前に" in client.post("/vocabulary", data=CONCEPT).text
    back = client.post("/vocabulary/new", data=CONCEPT).text
    assert "ヨシ原、ヨシ刈り" in back
    done = client.post("/vocabulary", data={**CONCEPT, "confirmed": "1"})
    assert done.status_code == 302
    assert "葦ペレット" in client.get(done.location).text
    wrong = client.post("/vocabulary", data={**CONCEPT, "kind": "stage", "value": "放置竹林・竹材"})
    assert wrong.status_code == 422
    assert "種類に合う選択肢" in wrong.text
    with app.app_context():
        assert queries.current_thesaurus().find("ヨシ原")
        db.session.rollback()


def test_the_progress_of_reading_anew_is_told(signed_in: Visit) -> None:
    client = signed_in("coordinator")
    client.post("/vocabulary/bamboo/terms", data={**WORD, "confirmed": "1"})
    told = client.get("/vocabulary/progress?total=1000000").json
    assert told is not None
    assert told["state"] == "running"
    assert 0 < told["done"] < told["total"]
    assert client.get("/vocabulary/progress?total=x").status_code == 200


def test_all_words_come_as_a_workbook(signed_in: Visit) -> None:
    answer = signed_in("coordinator").get("/vocabulary/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    words = {row[3] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {"孟宗竹", "食品残渣"} <= words


def test_hostile_codes_and_texts_are_told_apart_from_faults(signed_in: Visit) -> None:
    client = signed_in("coordinator")
    assert client.get("/vocabulary/no-such-code").status_code == 404
    for text in ("<script>", "=1+1=2", "\x00\x01", "長" * 500):
        answer = client.post("/vocabulary/bamboo/terms", data={**WORD, "text": text})
        assert answer.status_code in (200, 422)
        assert not re.search("<script>(?!</)", answer.text.partition("<main")[2])
