"""From what was typed (or stood in a cell) to a checked value: one place for forms and imports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from urllib.parse import urlsplit

from matchmaker.core.dates import parse_date
from matchmaker.core.fields import Choice, FieldKind, FieldSpec, FieldTable
from matchmaker.core.text import clean_line, clean_text, fold

YES = frozenset({"はい", "あり", "有", "○", "◯", "〇", "1", "true", "yes", "y", "on", "可"})
NO = frozenset({"いいえ", "なし", "無", "×", "✕", "0", "false", "no", "n", "off", "不可"})
SEPARATORS = re.compile(r"[、,;；|｜\n]+")
LARGE_UNITS = {"万": Decimal(10_000), "億": Decimal(100_000_000)}
DECIMAL_PLACES = Decimal("0.001")
Raw = str | int | float | Decimal | bool | date | datetime | None
Value = str | int | Decimal | bool | date | list[str] | None


class FieldError(ValueError):
    """A value that does not fit its field; the text is Japanese and shown at its place."""


class Vocabularies(Protocol):
    """Vocabularies that live in the database."""

    def choices(self, name: str) -> Sequence[Choice]:
        """Entries of the vocabulary called ``name`` (such as ``materials``)."""
        ...

    def municipality(self, text: str, prefecture: str | None) -> str | None:
        """Six-digit code for a code or a name, or None when unknown or ambiguous."""
        ...


def clean(spec: FieldSpec, raw: Raw | Sequence[str], vocabularies: Vocabularies) -> Value:
    """The value of one field.

    Args:
        spec: the field.
        raw: what was typed; a list for CHOICES, anything a spreadsheet cell holds otherwise.
        vocabularies: vocabularies kept in the database.

    Returns:
        The checked value; None (or an empty list for CHOICES) when nothing was given.

    Raises:
        FieldError: the value does not fit.
    """
    if spec.kind is FieldKind.CHOICES:
        return _clean_choices(spec, raw, vocabularies)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return False if spec.kind is FieldKind.FLAG else None
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        raise FieldError("ひとつだけ入れてください。")
    return CLEANERS[spec.kind](spec, raw, vocabularies)


def _clean_line(spec: FieldSpec, raw: Raw, _v: Vocabularies) -> str:
    return _bounded(spec, clean_line(_as_text(raw)))


def _clean_text(spec: FieldSpec, raw: Raw, _v: Vocabularies) -> str:
    return _bounded(spec, clean_text(_as_text(raw)))


def _bounded(spec: FieldSpec, text: str) -> str:
    if len(text) > spec.max_length:
        raise FieldError(
            f"{spec.max_length:,}文字以内で入れてください（いま{len(text):,}文字です）。"
        )
    return text


def _as_text(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw)


def _clean_decimal(spec: FieldSpec, raw: Raw, _v: Vocabularies) -> Decimal:
    number = _number(raw)
    _check_bounds(spec, number)
    return number.quantize(DECIMAL_PLACES).normalize() + Decimal(0)


def _clean_integer(spec: FieldSpec, raw: Raw, _v: Vocabularies) -> int:
    number = _number(raw)
    if number != number.to_integral_value():
        raise FieldError("小数を使わずに入れてください。")
    _check_bounds(spec, number)
    return int(number)


def _number(raw: Raw) -> Decimal:
    text = unicodedata.normalize("NFKC", _as_text(raw)).replace(",", "").replace(" ", "")
    factor = Decimal(1)
    if text and text[-1] in LARGE_UNITS:
        text, factor = text[:-1], LARGE_UNITS[text[-1]]
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise FieldError("数字で入れてください（例：1200）。")
    return number * factor


def _check_bounds(spec: FieldSpec, number: Decimal) -> None:
    if spec.minimum is not None and number < Decimal(str(spec.minimum)):
        raise FieldError(f"{spec.minimum:,.0f}以上の数を入れてください。")
    if spec.maximum is not None and number > Decimal(str(spec.maximum)):
        raise FieldError(f"{spec.maximum:,.0f}以下の数を入れてください。")


def _clean_date(_spec: FieldSpec, raw: Raw, _v: Vocabularies) -> date:
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        raw = str(int(raw))
    try:
        return parse_date(raw)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        raise FieldError(
            "実在する日付を入れてください（例：2026年4月1日、令和8年4月1日）。"
        ) from None


def _clean_flag(_spec: FieldSpec, raw: Raw, _v: Vocabularies) -> bool:
    if isinstance(raw, bool):
        return raw
    text = fold(_as_text(raw))
    if text in YES:
        return True
    if text in NO:
        return False
    raise FieldError("「はい」か「いいえ」で入れてください。")


def _clean_url(spec: FieldSpec, raw: Raw, _v: Vocabularies) -> str:
    text = _bounded(spec, clean_line(_as_text(raw)))
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise FieldError("https:// から始まるアドレスを入れてください。")
    return text


def _clean_municipality(_spec: FieldSpec, raw: Raw, vocabularies: Vocabularies) -> str:
    code = vocabularies.municipality(clean_line(_as_text(raw)), None)
    if code is None:
        raise FieldError("市区町村が見つかりません。名前か6桁の団体コードを確かめてください。")
    return code


def _clean_choice(spec: FieldSpec, raw: Raw, vocabularies: Vocabularies) -> str:
    return _code(spec, _as_text(raw), entries(spec, vocabularies))


def _clean_choices(
    spec: FieldSpec, raw: Raw | Sequence[str], vocabularies: Vocabularies
) -> list[str]:
    if raw is None:
        return []
    words: Iterable[str] = raw if isinstance(raw, list | tuple) else _split(spec, _as_text(raw))  # type: ignore[arg-type]
    known = entries(spec, vocabularies)
    codes = list(dict.fromkeys(_code(spec, word, known) for word in words if word.strip()))
    if len(codes) > spec.max_items:
        raise FieldError(f"{spec.max_items}個までにしてください。")
    return codes


def _split(_spec: FieldSpec, text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text)]


def _code(_spec: FieldSpec, word: str, known: Sequence[Choice]) -> str:
    wanted = fold(word)
    for choice in known:
        if wanted in (fold(choice.code), fold(choice.label)):
            return choice.code
    shown = word if len(word) <= 30 else word[:30] + "…"  # noqa: PLR2004
    raise FieldError(f"「{shown}」は選べません。一覧にある言葉を使ってください。")


def entries(spec: FieldSpec, vocabularies: Vocabularies) -> Sequence[Choice]:
    """The vocabulary of a field, wherever it is kept."""
    return vocabularies.choices(spec.vocabulary) if spec.vocabulary else spec.choices


Cleaner = Callable[[FieldSpec, Raw, Vocabularies], Value]
CLEANERS: Mapping[FieldKind, Cleaner] = {
    FieldKind.LINE: _clean_line,
    FieldKind.TEXT: _clean_text,
    FieldKind.CHOICE: _clean_choice,
    FieldKind.DECIMAL: _clean_decimal,
    FieldKind.INTEGER: _clean_integer,
    FieldKind.DATE: _clean_date,
    FieldKind.FLAG: _clean_flag,
    FieldKind.MUNICIPALITY: _clean_municipality,
    FieldKind.URL: _clean_url,
}


@dataclass(frozen=True, slots=True)
class CleanedRecord:
    """A whole record after cleaning: values by field name, messages by field name."""

    values: dict[str, Value]
    errors: dict[str, str]


RecordRule = Callable[[Mapping[str, Any]], Mapping[str, str]]


def clean_record(
    table: FieldTable,
    raw: Mapping[str, Any],
    vocabularies: Vocabularies,
    *,
    complete: bool,
    rules: Sequence[RecordRule] = (),
) -> CleanedRecord:
    """Clean all fields of a record.

    Args:
        table: the fields.
        raw: typed values by field name; a missing name counts as empty.
        vocabularies: vocabularies kept in the database.
        complete: whether required fields must be there (not so for a draft).
        rules: checks over several fields; each gives messages by field name.
    """
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    for spec in table.fields:
        try:
            value = clean(spec, raw.get(spec.name), vocabularies)
        except FieldError as error:
            errors[spec.name] = str(error)
            continue
        values[spec.name] = value
        if complete and spec.required and value in (None, "", []):
            errors[spec.name] = f"{spec.label}を入れてください。"
    for rule in rules:
        for name, message in rule(values).items():
            errors.setdefault(name, message)
    return CleanedRecord(values, errors)
