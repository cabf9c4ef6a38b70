"""Text files say in which encoding they are, or in which line they cannot be read."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.spreadsheets.encoding import UndecodableText, decode

TEXT = "件名,量\r\n㈱めぐり①②,3\r\n〜竹の町〜,4\r\n"
JAPANESE = st.text(st.characters(codec="cp932", exclude_categories=["Cc"]), min_size=4)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16"),
        (TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.replace("〜", "～").encode("cp932"), "cp932"),
        (b"a,b\r\n1,2\r\n", "utf-8"),
    ],
)
def test_each_encoding_is_recognised(data: bytes, encoding: str) -> None:
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert decoded.text.replace("～", "〜") in (TEXT, "a,b\r\n1,2\r\n")


def test_half_width_kana_are_not_taken_for_utf_8() -> None:
    assert decode("ﾃｹﾃｹﾃｹ,ｱｲｳ\n竹,3\n".encode("cp932")).text.startswith("ﾃｹﾃｹﾃｹ,ｱｲｳ")


def test_mixed_encodings_are_named_with_the_line() -> None:
    data = "件名,量\n竹林の竹,3\n".encode() + "雪の夜,4\n".encode("cp932")
    with pytest.raises(UndecodableText, match=r"混ざっています（3行目からシフトJIS"):
        decode(data)
    data = "件名,量\n".encode("cp932") + "竹林の竹,3\n".encode()
    with pytest.raises(UndecodableText, match=r"混ざっています（2行目からUTF-8"):
        decode(data)


def test_undecodable_bytes_are_named_with_the_line() -> None:
    with pytest.raises(UndecodableText, match="3行目に読めない文字"):
        decode("件名\n竹\n".encode("cp932") + b"\x81\xff\xfe\n")


def test_broken_utf_16_is_named_with_the_line() -> None:
    data = codecs.BOM_UTF16_LE + "件名\n".encode("utf-16-le") + b"\x00\xd8\x41\x00"
    with pytest.raises(UndecodableText, match="2行目"):
        decode(data)


def test_data_that_is_no_text_is_refused() -> None:
    with pytest.raises(UndecodableText):
        decode(b"MZ\x90\x00\x03\x00\x00\x00" * 20)


@given(st.text())
def test_utf_8_comes_back_as_it_was_or_is_refused(text: str) -> None:
    try:
        data = codecs.BOM_UTF8 + text.encode()
    except UnicodeEncodeError:
        return
    try:
        assert decode(data).text == text
    except UndecodableText:
        assert any(ord(c) < 0x20 or ord(c) == 0x7F for c in text)
