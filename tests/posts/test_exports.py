"""Exports show what the list shows, hide what the reader may not see, and can be imported again."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from matchmaker.core import clock
from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import exports, queries
from matchmaker.posts.content import content_of, to_json
from matchmaker.posts.exports import ExportForm, export_file, export_table, posts_to_export
from matchmaker.posts.imports import queries as import_queries
from matchmaker.posts.imports import service as import_service
from matchmaker.posts.imports.domain import RowState
from matchmaker.posts.listing import PostFilter
from matchmaker.posts.types import PostType
from tests.posts.file_world import World, make_world, published

FULL: dict[str, Any] = {
    "title": "=竹林の手入れ",
    "problem": '一行目です。\n＋二行目、「かぎ」と"引用"です。',
    "background": "'=引用から始まる文",
    "materials": ["paper", "bamboo_wood"],
    "source_kinds": ["environment", "household"],
    "waste_class": "unknown",
    "quantity_min": Decimal("12.5"),
    "quantity_max": Decimal(300),
    "quantity_unit": "t",
    "quantity_period": "yearly",
    "quantity_basis": "rough",
    "present_cost_yen_per_year": 1_200_000,
    "circulation_methods": ["local_resource_recycling", "large_scale_recycling"],
    "model_elements": ["value_creation", "secondary_market"],
    "sought_kinds": ["technology", "advice"],
    "prefecture": "北海道",
    "municipality_code": "011002",
    "partner_scope": "neighbouring",
    "start_wished_on": date(2027, 4, 1),
    "budget_state": "requested",
    "pilot_field_offered": True,
    "department": "環境課",
    "contact": "0120-000-000",
    "visibility": "members",
    "valid_until": date(2027, 3, 31),
}


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """People and an organisation."""
    world = make_world(app)
    with app.app_context():
        yield world


def rows_for(actor: Actor, post_type: PostType = NEED) -> list[dict[str, Any]]:
    posts = posts_to_export(post_type, PostFilter(), actor)
    table = export_table(post_type, posts, actor, clock.now())
    headers = [column.header for column in table.columns]
    return [dict(zip(headers, row, strict=True)) for row in table.rows]


def test_words_stand_for_codes_and_codes_are_text(world: World) -> None:
    published(world, **FULL)
    [row] = rows_for(world.editor)
    assert row["品目"] == "古紙・雑がみ、竹・木質"
    assert row["単位"] == "t（トン）"
    assert row["市区町村"] == "011002"
    assert row["市区町村名"] == "札幌市"
    assert row["状態"] == "公開中"
    assert row["団体名"] == "青空町"
    assert row["始めたい時期"] == date(2027, 4, 1)
    assert row["実証の場所を出せる"] is True


def test_each_reader_gets_the_stages_that_are_open_to_them(world: World) -> None:
    published(world, **{**FULL, "visibility": "public"})
    [visitor], [member], [owner] = (
        rows_for(actor) for actor in (VISITOR, world.stranger, world.editor)
    )
    hidden = ("量（下限）", "いまの費用（円/年）", "連絡先（電話・メール）")
    assert [visitor[name] for name in hidden] == [None, None, None]
    assert (member["量（下限）"], member["連絡先（電話・メール）"]) == (Decimal("12.5"), None)
    assert (owner["いまの費用（円/年）"], owner["連絡先（電話・メール）"]) == (
        1_200_000,
        "0120-000-000",
    )
    assert visitor["困っていること"] == FULL["problem"]


def test_posts_that_may_not_be_seen_are_not_exported(world: World) -> None:
    published(world, **FULL)
    assert rows_for(VISITOR) == []
    assert len(rows_for(world.stranger)) == 1


@pytest.mark.parametrize("form", [ExportForm.XLSX, ExportForm.CSV])
def test_an_export_comes_back_through_import_as_it_was(world: World, form: ExportForm) -> None:
    post_id = published(world, **FULL)
    posts = posts_to_export(NEED, PostFilter(), world.editor)
    file = export_file(NEED, posts, world.editor, form, clock.now())
    now = clock.now()
    job = import_service.check(NEED, world.other_id, file.name, file.content, world.stranger, now)
    assert (job.good_count, job.notices) == (1, [])
    [row] = import_queries.rows_in(job.id, [RowState.GOOD])
    assert row.values == to_json(content_of(NEED, queries.get(NEED, post_id)))


def test_offerings_come_back_too(world: World) -> None:
    values: dict[str, Any] = {
        "input_materials": ["bamboo_wood"],
        "service_area": ["北海道", "高知県"],
        "capacity_tonnes_per_year": Decimal("0.125"),
        "licences": ["iso14001", "other"],
        "website": "https://example.com/a?b=1",
        "collection_offered": False,
    }
    post_id = published(world, OFFERING, **values)
    posts = posts_to_export(OFFERING, PostFilter(), world.editor)
    file = export_file(OFFERING, posts, world.editor, ExportForm.XLSX, clock.now())
    now = clock.now()
    job = import_service.check(
        OFFERING, world.other_id, file.name, file.content, world.stranger, now
    )
    [row] = import_queries.rows_in(job.id, [RowState.GOOD])
    assert row.values == to_json(content_of(OFFERING, queries.get(OFFERING, post_id)))


def test_too_many_posts_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    published(world)
    published(world, title="二つ目")
    with pytest.raises(ProductError, match="1件まで"):
        posts_to_export(NEED, PostFilter(), VISITOR)


def test_the_list_is_downloaded_as_filtered(world: World) -> None:
    published(world, title="竹の話", problem="竹が余ります。")
    published(world, title="紙の話", problem="紙が余ります。", materials=["paper"])
    client = world.app.test_client()
    answer = client.get("/needs/export?format=csv&material=paper")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["件名"] for row in rows] == ["紙の話"]
    book = load_workbook(io.BytesIO(client.get("/needs/export").data))
    assert book.worksheets[0].max_row == 3
    assert client.get("/needs/export?format=pdf").status_code == 422


def test_what_cp932_lacks_is_told_before_it_is_replaced(world: World) -> None:
    published(world, title="𠮷野の竹〜その1")
    client = world.app.test_client()
    page = client.get("/needs/export?format=csv-cp932")
    assert "シフトJISにない文字" in page.text
    assert "𠮷" in page.text
    file = client.get("/needs/export?format=csv-cp932&confirmed=1")
    assert "〓野の竹～その1" in file.data.decode("cp932")
    db.session.rollback()


def test_without_such_characters_the_file_comes_at_once(world: World) -> None:
    published(world)
    answer = world.app.test_client().get("/needs/export?format=csv-cp932")
    assert answer.mimetype == "text/csv"
    assert "放置竹林" in answer.data.decode("cp932")


def test_ids_are_those_of_the_service(world: World) -> None:
    post_id = published(world)
    [row] = rows_for(VISITOR)
    assert uuid.UUID(row["番号"]) == post_id
