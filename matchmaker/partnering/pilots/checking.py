"""Reading what was typed field by field, so that every mistake is told at its place at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line, clean_text, fold
from matchmaker.partnering.pilots.domain import MOST_YEN
from matchmaker.partnering.pilots.indicators import AMOUNT, OTHER_UNITS

Read = TypeVar("Read")
NO_DAY = "実在する日付を入れてください（例：2026年4月1日、令和8年4月1日）。"
NO_YEN = f"0から{MOST_YEN:,}までの整数（円）で入れてください。"
YEN_DIGITS = 12


class FaultyInput(ProductError):
    """Several fields do not fit.

    Args:
        messages: Japanese message by name of the form field.
    """

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__("入力を確かめてください。")
        self.messages = dict(messages)


class Reader:
    """Reads fields and collects what is wrong; :meth:`finish` raises it all."""

    def __init__(self) -> None:
        self.messages: dict[str, str] = {}

    def fault(self, field: str, message: str) -> None:
        """Tell that a field does not fit (the first message of a field counts)."""
        self.messages.setdefault(field, message)

    def attempt(self, read: Callable[[], Read]) -> Read | None:
        """What ``read`` gives; a :class:`ProductError` with a field is collected."""
        try:
            return read()
        except ProductError as error:
            self.fault(error.field or "", error.message)
            return None

    def line(self, text: str, field: str, most: int, missing: str = "") -> str:
        """One line; ``missing`` is the message for an empty one that is needed."""
        return self._bounded(clean_line(text), field, most, missing)

    def text(self, text: str, field: str, most: int, missing: str = "") -> str:
        """Several lines."""
        return self._bounded(clean_text(text), field, most, missing)

    def _bounded(self, text: str, field: str, most: int, missing: str) -> str:
        if missing and not text:
            self.fault(field, missing)
        if len(text) > most:
            self.fault(field, f"{most:,}文字以内で入れてください。いまは{len(text):,}文字です。")
        return text

    def day(self, text: str | None, field: str, missing: str = "") -> date | None:
        """A day as people write it."""
        if not (text or "").strip():
            if missing:
                self.fault(field, missing)
            return None
        try:
            return parse_date(text or "")
        except ValueError:
            self.fault(field, NO_DAY)
            return None

    def yen(self, text: str, field: str, missing: str = "") -> int | None:
        """Yen with full-width digits, commas, 円."""
        typed = fold(text).replace(",", "").replace("¥", "")
        digits = typed.replace("円", "")
        if not digits:
            if missing:
                self.fault(field, missing)
            return None
        if (advice := _of_another_size(typed)) is not None:
            self.fault(field, f"単位は円です。{advice}")
            return None
        known = digits.isascii() and digits.isdecimal() and len(digits) <= YEN_DIGITS
        if not known or int(digits) > MOST_YEN:
            self.fault(field, NO_YEN)
            return None
        return int(digits)

    def finish(self) -> None:
        """Raise :class:`FaultyInput` when anything was wrong."""
        if self.messages:
            raise FaultyInput(self.messages)


def _of_another_size(typed: str) -> str | None:
    """How to convert what ends with ``万円`` and the like; None for what does not."""
    amount = AMOUNT.match(typed)
    return OTHER_UNITS.get(amount[3]) if amount else None
