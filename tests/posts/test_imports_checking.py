"""Checking a file: every faulty cell is named, nothing faulty passes, doubles are found."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from matchmaker.core.fields import Choice, FieldKind
from matchmaker.core.spreadsheets.cells import UnreadableTable
from matchmaker.core.spreadsheets.record_columns import header_of
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts.imports.checking import CheckedFile, check_file
from matchmaker.posts.imports.domain import RowState, fingerprint
from matchmaker.posts.imports.examples import EXAMPLES
from matchmaker.posts.imports.files import template_csv, template_workbook
from matchmaker.posts.types import PostType
from tests.core.office_files import saved, workbook
from tests.posts.file_world import MATERIALS, POST_TYPES, need_rows

TODAY = date(2026, 4, 1)


class Words:
    """The vocabularies of the tests."""

    def choices(self, name: str) -> list[Choice]:
        """Materials."""
        return [Choice(code, label) for code, label in MATERIALS]

    def municipality(self, text: str, prefecture: str | None) -> str | None:
        """Two towns."""
        return {"札幌市": "011002", "011002": "011002", "いの町": "393860"}.get(text)


def check(
    content: bytes,
    name: str = "表.xlsx",
    post_type: PostType = NEED,
    existing: dict[str, str] | None = None,
) -> CheckedFile:
    return check_file(post_type, name, content, Words(), existing or {}, TODAY)


def states(checked: CheckedFile) -> list[str]:
    return [row.state.value for row in checked.rows]


def with_cells(**cells: Any) -> bytes:
    return workbook(need_rows(1, **cells))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("quantity_max", "たくさん", "数字で入れてください"),
        ("quantity_max", -1, "0以上"),
        ("quantity_max", 0.5, "上限は下限以上"),
        ("present_cost_yen_per_year", 1.5, "小数を使わずに"),
        ("waste_class", "生もの", "「生もの」は選べません"),
        (
            "circulation_methods",
            "大規模リサイクル、夢のリサイクル",
            "「夢のリサイクル」は選べません",
        ),
        ("start_wished_on", "2026年2月30日", "実在する日付"),
        ("pilot_field_offered", "たぶん", "「はい」か「いいえ」"),
        ("municipality_code", "夢の町", "市区町村が見つかりません"),
        ("valid_until", date(2020, 1, 1), "きょう以降"),
        ("background", "長" * 2001, "2,000文字以内"),
    ],
)
def test_a_faulty_cell_is_named(field: str, value: Any, message: str) -> None:
    [row] = check(with_cells(**{field: value})).rows
    assert row.state is RowState.FAULTY
    assert list(row.errors) == [field]
    assert message in row.errors[field]
    assert str(row.values[field]).startswith(str(value)[:10])


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("quantity_max", "１，２００", "1200"),
        ("quantity_max", "1.2万", "12000"),
        ("start_wished_on", "令和9年4月1日", "2027-04-01"),
        ("start_wished_on", 46_478, "2027-04-01"),
        ("start_wished_on", date(2027, 4, 1), "2027-04-01"),
        ("municipality_code", "札幌市", "011002"),
        ("municipality_code", 11002, "011002"),
        ("pilot_field_offered", "〇", True),
        ("circulation_methods", "大規模リサイクル；近隣地域連携リサイクル",
         ["large_scale_recycling", "neighbouring_recycling"]),
        ("waste_class", "industrial", "industrial"),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(field: str, value: Any, kept: Any) -> None:
    [row] = check(with_cells(**{field: value})).rows
    assert row.errors == {}
    assert row.values[field] == kept


def test_required_cells_and_a_missing_column_are_told() -> None:
    checked = check(workbook([["件名", "困っていること"], [None, "竹が余る"], ["竹", None]]))
    assert [row.errors for row in checked.rows] == [
        {"title": "件名を入れてください。"},
        {"problem": "困っていることを入れてください。"},
    ]
    assert any("「見せる範囲」の列がない" in notice for notice in checked.notices)


def test_doubles_of_posts_and_within_the_file_are_found() -> None:
    existing = {fingerprint("竹の使い道1", "1番目の竹林で困っています。"): "もうあります。"}
    rows = need_rows(3)
    rows.append([*rows[3][:1], "3番目の竹林で　困っています。", *rows[3][2:]])
    checked = check(workbook(rows), existing=existing)
    assert states(checked) == ["duplicate", "good", "good", "duplicate"]
    assert checked.rows[0].note == "もうあります。"
    assert checked.rows[3].note == "4行目と同じ内容です。"


def test_unknown_columns_are_told_and_our_own_are_passed_over() -> None:
    rows = [
        ["件名", "困っていること", "備考", "状態", "件名の誤り"],
        ["竹", "余る", "x", "公開中", "y"],
    ]
    [notice] = [n for n in check(workbook(rows)).notices if "読んでいません" in n]
    assert "「備考」" in notice
    assert "状態" not in notice


@pytest.mark.parametrize("post_type", POST_TYPES)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_example_row_is_good_but_passed_over(post_type: PostType, kind: str) -> None:
    content = template_csv(post_type) if kind == "csv" else template_workbook(post_type, Words())
    checked = check(content, f"ひな形.{kind}", post_type)
    assert checked.rows == ()
    assert any("1行とばしました" in notice for notice in checked.notices)
    used = unmarked(content) if kind == "xlsx" else content.replace("\r\n例,".encode(), b"\r\n,")
    [row] = check(used, f"ひな形.{kind}", post_type).rows
    assert row.errors == {}
    assert set(row.values) >= set(EXAMPLES[post_type.kind])


def unmarked(content: bytes) -> bytes:
    """The template with the mark of the example taken away, as a person would write over it."""
    book = load_workbook(io.BytesIO(content))
    book["記入"]["A2"].value = None
    return saved(book)


@pytest.mark.parametrize("post_type", POST_TYPES)
def test_every_word_that_may_be_chosen_is_understood(post_type: PostType) -> None:
    table = post_type.table
    for spec in table.of_kind(FieldKind.CHOICES, FieldKind.CHOICE):
        choices = spec.choices or Words().choices("materials")
        for choice in choices:
            assert all(c not in choice.label for c in "、,;；|｜\n"), choice.label
    headers = [header_of(spec) for spec in table.fields]
    assert len(set(headers)) == len(headers)


def test_a_file_of_another_kind_of_post_is_not_taken_for_this_one() -> None:
    content = workbook([["種類", "できること"], ["技術", "竹を炭にする"]])
    with pytest.raises(UnreadableTable, match="項目名の行"):
        check(content)
    assert states(check(content, post_type=OFFERING)) == ["faulty"]
