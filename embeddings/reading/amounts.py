"""Amounts of matter in a text: numbers with a unit, a period and what bounds them.

Tonnes and kilograms are read. Volumes are not (their weight depends on the matter), nor are pieces.
A day of a plant counts as one of 300 in a year, a day of arising as one of 365.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

OPERATING_DAYS: Final = 300
CALENDAR_DAYS: Final = 365
_MONTHS: Final = 12
_WEEKS: Final = 52
_KILOGRAMS: Final = 1000
# More than all waste of the country: not an amount but a code, or nonsense.
_BEYOND: Final = 1e9

_NUMBER: Final = (
    r"(?:\d[\d,]{0,14}(?:\.\d+)?(?:[万千百](?:\d+[千百])?)?|[一二三四五六七八九十百千万]{1,12})"
)
_UNIT: Final = (
    r"(?:トン(?!ネル)|t(?![a-z])|kg|キロ(?:グラム)?(?!メートル|ワット|リットル|カロリー))"
    r"(?!車|トラック|コンテナ|ウイング|ダンプ|ユニック|積|級|型|当た|あた|につき|\d|/h|/時)"
)
_ABOUT: Final = r"(?:約|およそ|おおよそ|おおむね|概ね|推定|推計|最大|最低|最小)?"
_PERIOD: Final = (
    r"(?:(?<![\d元今昨来翌同前半])年(?:間|に)?|毎年(?:度)?|月(?:間|に)?|毎月|週(?:に)?|毎週|日量"
    r"|(?:1|一)日(?:に)?(?:当たり|あたり)?|毎日|(?:1|一)回(?:に)?(?:当たり|あたり)?)"
)
_AMOUNT: Final = re.compile(
    rf"(?:(?P<period>{_PERIOD})(?:でも|に|で|計)?)?(?P<about>{_ABOUT})(?P<low>{_NUMBER})"
    rf"(?:(?P<low_unit>トン|t|kg)?[~〜\-–―](?P<high>{_NUMBER}))?(?P<unit>{_UNIT})"
    r"(?P<per>/[年月日]|毎年)?"
)
_BEFORE_NO_AMOUNT: Final = re.compile(
    r"[数毎第\d]$|(?:1|一)(?:基|個|本|台|袋|箱|部材|機|枚|人|処理場|現場|か所|契約|団体|排出者|組)[^、。]{0,3}$"
    r"|時間に?$|毎時$"
)
_PIECE: Final = re.compile(r"(?:1|一)(?:基|個|本|台|袋|箱|缶|部材|機|枚)[^、。]{0,2}$")
_PER: Final = {
    "年": 1.0, "月": float(_MONTHS), "週": float(_WEEKS), "日": float(OPERATING_DAYS),
}  # fmt: skip
_DIGITS: Final = {d: n for n, d in enumerate("〇一二三四五六七八九")}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a sentence.

    Attributes:
        low, high: tonnes in one period; equal for a single number.
        period: 年, 月, 週, 日, 回 or empty.
        start, end: offsets in the sentence.
        every_unit: it is stated for each contract, plant or piece, not for all.
        every_piece: it is the weight of one piece.
    """

    low: float
    high: float
    period: str
    start: int
    end: int
    every_unit: bool = False
    every_piece: bool = False

    def yearly(self, days: int = OPERATING_DAYS) -> tuple[float, float]:
        """Return the range in tonnes a year; what has no period, or comes by the load, as it is."""
        factor = float(days) if self.period == "日" else _PER.get(self.period, 1.0)
        return round(self.low * factor, 6), round(self.high * factor, 6)


def amounts_in(plain: str) -> Iterator[Amount]:
    """Find the amounts of a sentence in order.

    Args:
        plain: a text in the plain form (NFKC, lower case).
    """
    for match in _AMOUNT.finditer(plain):
        before = plain[: match.start()]
        barred = _BEFORE_NO_AMOUNT.search(before[-12:])
        low = _number(match["low"])
        if low is None or (barred and not barred.group().startswith(("1", "一"))):
            continue
        amount = _amount(match, low)
        if amount is not None:
            yield Amount(
                *amount,
                match.start(),
                match.end(),
                every_unit=barred is not None,
                every_piece=bool(_PIECE.search(before[-6:])),
            )


def _amount(match: re.Match[str], low: float) -> tuple[float, float, str] | None:
    high = _number(match["high"]) if match["high"] else low
    if high is None or not 0 < high < _BEYOND:
        return None
    scale = _KILOGRAMS if match["unit"].startswith(("kg", "キロ")) else 1
    low_scale = _KILOGRAMS if match["low_unit"] == "kg" else 1 if match["low_unit"] else scale
    low, high = low / low_scale, high / scale
    return (low, high, _period(match)) if low <= high else None


def _period(match: re.Match[str]) -> str:
    words = (match["per"] or match["period"] or "").replace("1", "").replace("一", "")
    return next((name for name in "年月週日回" if name in words), "")


def _number(text: str) -> float | None:
    """Read 1,200, 2.2万, 1万8千 or 二千五百."""
    if text[0].isdecimal():
        return _mixed(text.replace(",", ""))
    myriads, _, rest = text.rpartition("万")
    total = (_kanji(myriads) or 1) * 10_000 if "万" in text else 0
    return float(total + (_kanji(rest) if rest else 0)) or None


def _mixed(text: str) -> float | None:
    scales = {"万": 10_000.0, "千": 1000.0, "百": 100.0}
    total = 0.0
    for number, scale in re.findall(r"(\d+(?:\.\d+)?)([万千百]?)", text):
        total += float(number) * scales.get(scale, 1.0)
    return total or None


def _kanji(text: str) -> int:
    total = digit = 0
    for character in text:
        if character in _SCALES:
            total += (digit or 1) * _SCALES[character]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS.get(character, 0)
    return total + digit
