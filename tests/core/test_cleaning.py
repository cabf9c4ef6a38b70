"""What people type becomes checked values, and faults get a message at their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.cleaning import FieldError, clean, clean_record
from matchmaker.core.fields import Choice, FieldKind, FieldSpec
from matchmaker.needs.fields import NEED_FIELDS
from matchmaker.offerings.fields import OFFERING_FIELDS
from matchmaker.posts.domain import capacity_rule, quantity_rule


class Vocabularies:
    """Two materials and one municipality."""

    def choices(self, name: str) -> Sequence[Choice]:
        assert name == "materials"
        return [Choice("bamboo", "放置竹林・竹材"), Choice("diaper", "紙おむつ")]

    def municipality(self, text: str, prefecture: str | None) -> str | None:
        return {"京都府亀岡市": "262064", "262064": "262064"}.get(text)


KNOWN = Vocabularies()


def value(kind: FieldKind, raw: Any, **more: Any) -> Any:
    return clean(FieldSpec("x", "項目", kind, "s", **more), raw, KNOWN)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("１，２００", Decimal(1200)),
        (" 0.5 ", Decimal("0.5")),
        ("1.5万", Decimal(15000)),
        ("2億", Decimal(200_000_000)),
        (12.0, Decimal(12)),
        ("", None),
        ("　", None),
        (None, None),
    ],
)
def test_numbers_are_read_as_people_write_them(raw: Any, expected: Decimal | None) -> None:
    assert value(FieldKind.DECIMAL, raw) == expected


@pytest.mark.parametrize("raw", ["abc", "１２トン", "NaN", "Infinity", "1e5x", "--3", "∞"])
def test_what_is_no_number_is_told_so(raw: str) -> None:
    with pytest.raises(FieldError, match="数字で"):
        value(FieldKind.DECIMAL, raw)


def test_numbers_out_of_bounds_name_the_bound() -> None:
    with pytest.raises(FieldError, match="0以上"):
        value(FieldKind.DECIMAL, "-1", minimum=0)
    with pytest.raises(FieldError, match="1,000以下"):
        value(FieldKind.INTEGER, "1001", maximum=1000)
    with pytest.raises(FieldError, match="小数"):
        value(FieldKind.INTEGER, "1.5")


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-31",
        "2026/3/31",
        "2026年3月31日",
        "令和8年3月31日",
        "R8.3.31",
        "Ｒ８／３／３１",
        "20260331",
        date(2026, 3, 31),
        datetime(2026, 3, 31, 9, 0),  # noqa: DTZ001 - as a spreadsheet gives it
    ],
)
def test_dates_are_read_in_all_usual_forms(raw: Any) -> None:
    assert value(FieldKind.DATE, raw) == date(2026, 3, 31)


def test_first_year_of_an_era_may_be_written_gannen() -> None:
    assert value(FieldKind.DATE, "令和元年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    "raw", ["2026年2月30日", "令和8年13月1日", "あした", "0001-01-01", "年月日"]
)
def test_impossible_dates_are_refused(raw: str) -> None:
    with pytest.raises(FieldError, match="実在する日付"):
        value(FieldKind.DATE, raw)


def test_choices_take_codes_and_labels_and_name_what_is_unknown() -> None:
    kind = FieldKind.CHOICES
    assert value(kind, "放置竹林・竹材、紙おむつ", vocabulary="materials") == ["bamboo", "diaper"]
    assert value(kind, ["diaper", "diaper"], vocabulary="materials") == ["diaper"]
    with pytest.raises(FieldError, match="「鉄くず」は選べません"):
        value(kind, "紙おむつ、鉄くず", vocabulary="materials")
    with pytest.raises(FieldError, match="1個まで"):
        value(kind, ["bamboo", "diaper"], vocabulary="materials", max_items=1)


@pytest.mark.parametrize("raw", ["はい", "○", "有", "1", "TRUE", True])
def test_yes_is_understood(raw: Any) -> None:
    assert value(FieldKind.FLAG, raw) is True


@pytest.mark.parametrize("raw", ["いいえ", "×", "無", "0", "", None])
def test_no_is_understood(raw: Any) -> None:
    assert value(FieldKind.FLAG, raw) is False


def test_a_flag_must_be_yes_or_no() -> None:
    with pytest.raises(FieldError):
        value(FieldKind.FLAG, "たぶん")


def test_lines_are_made_regular_without_asking() -> None:
    assert value(FieldKind.LINE, " ＡＢＣ１２　ﾊﾟﾙﾌﾟ\n二行目\x00 ") == "ABC12 パルプ 二行目"


def test_texts_keep_their_lines_and_their_special_characters() -> None:
    raw = "一行目\r\n二行目 ㎥ ① 髙橋 葛\U000e0100城"
    assert value(FieldKind.TEXT, raw) == "一行目\n二行目 ㎥ ① 髙橋 葛\U000e0100城"


def test_too_long_texts_are_told_how_long_they_are() -> None:
    with pytest.raises(FieldError, match="10文字以内で入れてください（いま11文字です）"):
        value(FieldKind.TEXT, "あ" * 11, max_length=10)


@pytest.mark.parametrize(
    "raw", ["javascript:alert(1)", "ftp://a.example", "abc", "http://", "https://["]
)
def test_only_web_addresses_are_taken(raw: str) -> None:
    with pytest.raises(FieldError, match="https://"):
        value(FieldKind.URL, raw)


def test_municipalities_are_taken_by_name_or_code() -> None:
    assert value(FieldKind.MUNICIPALITY, "京都府亀岡市") == "262064"
    with pytest.raises(FieldError, match="見つかりません"):
        value(FieldKind.MUNICIPALITY, "どこにもない町")


def test_a_draft_need_not_be_complete_but_a_submitted_need_must() -> None:
    assert clean_record(NEED_FIELDS, {"title": "竹"}, KNOWN, complete=False).errors == {}
    errors = clean_record(NEED_FIELDS, {"title": "竹"}, KNOWN, complete=True).errors
    assert set(errors) == {"problem", "visibility"}


def test_rules_over_several_fields_have_their_message_at_one_of_them() -> None:
    raw = {"quantity_min": "10", "quantity_max": "5"}
    errors = clean_record(NEED_FIELDS, raw, KNOWN, complete=False, rules=[quantity_rule]).errors
    assert set(errors) == {"quantity_max", "quantity_unit"}
    raw = {"capacity_tonnes_per_year": "10", "minimum_lot_tonnes_per_year": "11"}
    errors = clean_record(OFFERING_FIELDS, raw, KNOWN, complete=False, rules=[capacity_rule]).errors
    assert set(errors) == {"minimum_lot_tonnes_per_year"}


@given(st.dictionaries(st.sampled_from([f.name for f in NEED_FIELDS.fields]), st.text(max_size=60)))
def test_whatever_is_typed_gives_values_or_messages_and_never_an_error(raw: dict[str, str]) -> None:
    cleaned = clean_record(NEED_FIELDS, raw, KNOWN, complete=True, rules=[quantity_rule])
    for spec in NEED_FIELDS.fields:
        assert spec.name in cleaned.values or spec.name in cleaned.errors
