"""The workbook of a consortium: writing, reading back, faults."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from matchmaker.core import clock
from matchmaker.core.spreadsheets.cells import UnreadableTable
from matchmaker.partnering.consortia.documents.pack_layout import (
    CONTENT,
    MARKS,
    PARTNERS,
    ROLES_PREFIX,
)
from matchmaker.partnering.consortia.documents.pack_reading import PackReading
from matchmaker.partnering.consortia.documents.pack_writing import write_pack
from matchmaker.partnering.consortia.documents.packing import (
    read_content,
    review_content,
    source_of,
)
from matchmaker.posts.vocabularies import DatabaseVocabularies
from tests.partnering.consortium_site import Site

Edit = Callable[[Any], None]


def pack(site: Site, *edits: Edit) -> bytes:
    """The present workbook, edited as a person would."""
    source = source_of(site.consortium, "https://example.com/", clock.now())
    return edited(write_pack(source, DatabaseVocabularies()), *edits)


def edited(content: bytes, *edits: Edit) -> bytes:
    """A workbook with edits by a spreadsheet program."""
    workbook = load_workbook(io.BytesIO(content))
    for edit in edits:
        edit(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def cell_of(workbook: Any, key: str) -> Any:
    """The cell of a field of the content."""
    rows = workbook[CONTENT].iter_rows(min_row=2)
    return next(row[2] for row in rows if row[0].value == key)


def put(key: str, value: Any) -> Edit:
    """Type a value into the cell of a field."""

    def edit(workbook: Any) -> None:
        cell_of(workbook, key).value = value

    return edit


def put_partner(row_id: uuid.UUID, column: int, value: Any) -> Edit:
    """Type a value into the row of a partner (columns from 1)."""

    def edit(workbook: Any) -> None:
        rows = workbook[PARTNERS].iter_rows(min_row=2)
        row = next(row for row in rows if row[0].value == str(row_id))
        row[column - 1].value = value

    return edit


def reading(site: Site, *edits: Edit) -> PackReading:
    """What is read of an edited workbook."""
    return read_content(site.consortium, pack(site, *edits))


def test_an_untouched_workbook_says_what_the_content_says(site: Site) -> None:
    found = reading(site)
    assert (found.faults, found.absent, found.number) == ([], (), 1)
    review = review_content(site.consortium, found)
    assert review.content.changes == ()
    assert review.roles.changes == ()


def test_hostile_texts_survive_the_round_trip(site: Site) -> None:
    text = "=1+1\n@SUM(A1)\n_x0041_ 'quoted' 𠮷野\t🎋"
    site.change(aim=text)
    found = reading(site)
    assert found.faults == []
    assert review_content(site.consortium, found).content.changes == ()


def test_keys_and_version_are_hidden_and_each_sheet_has_one_table(site: Site) -> None:
    workbook = load_workbook(io.BytesIO(pack(site)))
    assert workbook[MARKS].sheet_state == "hidden"
    for name in (CONTENT, PARTNERS):
        assert workbook[name].column_dimensions["A"].hidden
        assert not workbook[name].merged_cells.ranges
    assert workbook[CONTENT].data_validations.dataValidation


def test_changed_cells_are_named_with_their_address(site: Site) -> None:
    content = pack(site, put("tonnes_min", "120トン"), put("materials", "古紙・雑がみ、生ごみ"))
    review = review_content(site.consortium, read_content(site.consortium, content))
    changes = {each.key: each for each in review.content.changes}
    assert changes["tonnes_min"].address == "内容!C9"
    assert changes["tonnes_min"].returned == "120"
    assert changes["materials"].returned == ["paper", "food_waste"]
    assert set(changes) == {"tonnes_min", "materials"}


def test_rows_may_be_sorted_anew(site: Site) -> None:
    def turn_over(workbook: Any) -> None:
        sheet = workbook[CONTENT]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), start=2):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value

    found = reading(site, turn_over)
    assert found.faults == []
    assert review_content(site.consortium, found).content.changes == ()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("tonnes_min", -5, "0以上"),
        ("tonnes_min", 10**12, "1,000,000以下"),
        ("tonnes_min", "300kg", "トン数"),
        ("tonnes_min", "たくさん", "数字"),
        ("tonnes_max", 5, "上限は、下限より大きい"),
        ("purposes", "世界平和", "選べません"),
        ("starts_on", "2026-02-30", "実在する日付"),
        ("ends_on", "2020-01-01", "始める日よりあと"),
        ("name", "あ" * 200, "80文字"),
        ("tonnes_min", "=1/0", "数式の結果が保存されていません"),
        ("tonnes_min", "#REF!", "計算の誤り"),
    ],
)
def test_faulty_cells_are_named_and_left_out(
    site: Site, key: str, value: Any, message: str
) -> None:
    found = reading(site, put(key, value))
    (fault,) = found.faults
    assert message in fault.message
    assert fault.address.startswith("内容!C")
    assert key not in found.values
    assert review_content(site.consortium, found).content.changes == ()


def test_roles_and_duties_of_partners_are_read(site: Site) -> None:
    found = reading(
        site, put_partner(site.firm_row, 4, "回収・運搬、製品づくり"),
        put_partner(site.firm_row, 5, "毎週集めます。"),
    )  # fmt: skip
    assert found.faults == []
    review = review_content(site.consortium, found)
    (roles,) = review.roles.changes
    assert roles.key == f"{ROLES_PREFIX}{site.firm_row}"
    assert roles.merged == ["collector", "manufacturer"]
    (duty,) = review.content.changes
    assert duty.returned == "毎週集めます。"


@pytest.mark.parametrize(
    ("words", "message"), [("社長", "「社長」という役割"), (None, "ひとつ以上")]
)
def test_faulty_roles_are_named(site: Site, words: str | None, message: str) -> None:
    found = reading(site, put_partner(site.firm_row, 4, words))
    (fault,) = found.faults
    assert message in fault.message
    assert fault.address == "参加団体!D3"


def test_a_partner_added_by_hand_is_told_and_a_row_taken_out_stays_as_it_is(site: Site) -> None:
    def edit(workbook: Any) -> None:
        workbook[PARTNERS].append([None, "新しい団体", "", "助言", ""])
        workbook[CONTENT].delete_rows(2)

    found = reading(site, edit)
    (fault,) = found.faults
    assert "座組のページから招待" in fault.message
    assert found.absent == ("name",)
    assert review_content(site.consortium, found).content.changes == ()


def test_an_old_workbook_is_compared_with_its_own_version(site: Site) -> None:
    old = pack(site, put("tonnes_min", 120))
    site.change(tonnes_min="150", risks="台風")
    review = review_content(site.consortium, read_content(site.consortium, old))
    assert [each.key for each in review.content.conflicts] == ["tonnes_min"]
    assert review.content.moved_on == ("risks",)
    assert Decimal(review.content.conflicts[0].present) == 150


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda book: book.remove(book[MARKS]), "書き出したExcelではありません"),
        (lambda book: book.remove(book[CONTENT]), "シート「内容」がありません"),
        (lambda book: book[CONTENT].delete_cols(1), "A列"),
        (lambda book: book[MARKS].cell(3, 2, str(uuid.uuid4())), "別の座組"),
        (lambda book: book[MARKS].cell(4, 2, "=1+1"), "書き出したExcelではありません"),
        (lambda book: [book[CONTENT].append(["x"]) for _ in range(300)], "行が多すぎます"),
    ],
)
def test_what_is_no_workbook_of_this_consortium_is_refused(
    site: Site, edit: Edit, message: str
) -> None:
    with pytest.raises(UnreadableTable, match=message):
        read_content(site.consortium, pack(site, edit))
