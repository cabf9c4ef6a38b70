"""Which encoding a text file is in: UTF-8, UTF-16 or CP932 (Shift_JIS as Windows writes it)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
UTF_16_SAMPLE = 4096
UTF_16_SHARE = 0.2
"""Share of NUL bytes on one side from which text without a BOM counts as UTF-16."""

NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp932": "シフトJIS"}


class UndecodableText(ValueError):
    """The text cannot be read; the message is Japanese and continues 「name」."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text and the encoding it was in: ``utf-8``, ``utf-16`` or ``cp932``."""

    text: str
    encoding: str


def decode(data: bytes) -> DecodedText:
    """Decode a text file whose encoding nobody told.

    Raises:
        UndecodableText: mixed encodings, undecodable bytes (the line is named) or no text at all.
    """
    decoded = _with_mark(data) or _utf_16(data) or _utf_8(data) or _cp932(data)
    if decoded is None:
        raise UndecodableText(_what_is_wrong(data))
    if match := CONTROL.search(decoded.text):
        line = decoded.text.count("\n", 0, match.start()) + 1
        raise UndecodableText(f"は、{line:,}行目に文字ではないデータがあり、文章として読めません。")
    return decoded


def _with_mark(data: bytes) -> DecodedText | None:
    """Text that says itself which Unicode form it has, by its byte order mark."""
    for mark, codec, name in (
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
    ):
        if data.startswith(mark):
            return _marked(data.removeprefix(mark), codec, name)
    return None


def _marked(data: bytes, codec: str, name: str) -> DecodedText:
    try:
        return DecodedText(data.decode(codec), name)
    except UnicodeDecodeError as error:
        if name == "utf-8":
            raise UndecodableText(_what_is_wrong(data)) from None
        line = data[: error.start].decode(codec, "replace").count("\n") + 1
        raise UndecodableText(_broken(line)) from None


def _utf_16(data: bytes) -> DecodedText | None:
    """UTF-16 without a mark: Latin letters, commas and line ends leave NULs on one side."""
    sample = data[:UTF_16_SAMPLE]
    if len(data) % 2 or b"\x00" not in sample:
        return None
    odd = sample[1::2].count(0) / max(1, len(sample) // 2)
    even = sample[0::2].count(0) / max(1, len(sample) // 2)
    if max(odd, even) < UTF_16_SHARE / 4 or min(odd, even) * 4 > max(odd, even):
        return None
    try:
        return DecodedText(data.decode("utf-16-le" if odd > even else "utf-16-be"), "utf-16")
    except UnicodeDecodeError:
        return None


def _utf_8(data: bytes) -> DecodedText | None:
    try:
        return DecodedText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return None


def _cp932(data: bytes) -> DecodedText | None:
    """CP932, unless single lines are Japanese in UTF-8: those would come out as nonsense."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    if any(_line_encoding(line) == "utf-8" for line in data.split(b"\n")):
        return None
    return DecodedText(text, "cp932")


def _line_encoding(line: bytes) -> str:
    """``ascii``, ``utf-8``, ``cp932`` or ``broken`` for one line alone."""
    if line.isascii():
        return "ascii"
    try:
        if len(JAPANESE.findall(line.decode("utf-8"))) > 1:
            return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        line.decode("cp932")
    except UnicodeDecodeError:
        return "broken"
    return "cp932"


def _what_is_wrong(data: bytes) -> str:
    first = ""
    for number, line in enumerate(data.split(b"\n"), start=1):
        encoding = _line_encoding(line)
        if encoding == "broken":
            return _broken(number)
        if encoding == "ascii":
            continue
        if first and encoding != first:
            return (
                f"は、文字コードが混ざっています（{number:,}行目から{NAMES[encoding]}、"
                f"その前は{NAMES[first]}）。Excelで開いて保存し直してください。"
            )
        first = encoding
    return _broken(1)


def _broken(line: int) -> str:
    return (
        f"は、{line:,}行目に読めない文字があります。"
        "Excelで開き、「CSV UTF-8」か「Excelブック（.xlsx）」で保存し直してください。"
    )
