"""Minimum lot, capacity and quantity, as far as a text states them in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from embeddings.facts import Reading, ReadingKind
from embeddings.reading.amounts import CALENDAR_DAYS, Amount, amounts_in
from embeddings.reading.sentence import Sentence

_NO_MINIMUM: Final = re.compile(
    r"(?:最低|最小)(?:受入|取扱|引取)?(?:ロット|量|数量|の量)?(?:の(?:制限|設定|定め))?"
    r"(?:は|も|を|が)?(?:なし|無し|ありません|ございません|設けてい?ません|問いません|不問)"
    r"|(?:量|数量|ロット)の下限(?:は|も|を|が)?(?:なし|ありません|ございません|設けてい?ません)"
)
_AT_LEAST: Final = re.compile(
    r"(?:規模|程度|前後|ほど|の少量|の[^。、]{1,6}1袋)?(?:以上|から(?!の?残|出|発|回収し)|より(?!も)|[~〜](?=$|[。、)]))"
)
_TAKING: Final = re.compile(
    r"受|引|契約|お願い|限|最低|最小|搬入|持込|持ち込|集荷|回収|預|出せる|お出し|納入|継続|約束"
    r"|予約|条件|ロット|取引|購入|買|対応|対象|専用"
)
_NOT_A_LOT: Final = re.compile(
    r"実績|累計|能力|以上の(?:設備|施設|処理場|機械|重量)|を超え|削減|達し|貯|減ら|販売数|出荷|円|いただければ|の場合"
)
_MARKED: Final = re.compile(r"最低|最小|ロット|契約|以上")
_FREE: Final = re.compile(r"余力|空き|残枠|空いて|余裕")
_CAPACITY: Final = re.compile(
    r"(?:処理|受入れ?|受け入れ|年間|供給)?(?:能力|余力)|処理量|受入量|残枠|枠|空き|日量|上限|まで"
)
_CAPACITY_AFTER: Final = re.compile(
    r"^(?:程度|前後|ほど)?(?:まで|の?(?:処理|受入|余力|空き|枠|能力)|を?(?:処理|受け入れ|受入)"
    r"|が(?:上限|精一杯|限度))"
)
# «Closed for now», said of oneself and of the present.
_CLOSED: Final = re.compile(
    r"(?:受け?付け?|受け?入れ?|引き?取り?|集荷|回収|搬入|持ち?込み?)(?:を|は|も|の)?"
    r"(?:現在|いま|今|当面|一時|新規|すべて|全て|お?申し?込み?|[はも、])*"
    r"(?:停止|休止|中止|締め?切|終了|見合わせ|ストップ|お断り|お休み)(?:って|り|を|し|いた|て|お|い)*"
    r"(?:中(?!止)|ます|ました(?!が)|です|。|$)"
)
_CLOSED_OF_ANOTHER: Final = re.compile(
    r"が|昨|前回|前年|時(?:に|で|まで)|\d時|再開|場合|説明会|見学|講座"
)
_NO_CAPACITY: Final = re.compile(
    r"実績|累計|昨年|出荷|販売|供給(?!余力)|購入|使用|納入|設置|排出|発生|買い?入れ|製造|削減|試験"
)
_MODEL: Final = re.compile(r"^(?:程度|前後|ほど)?(?:以上|から|級|型|の(?:\d|小型|大型)|より|[~〜])")
_NOT_OWN: Final = re.compile(
    r"削減|能力|処理でき|目標|円|1人|一人|あたり|当たり|が限[界度]|を超え|減ら|上限|残り|車|補助"
)
_OF_MORE: Final = re.compile(r"(?:うち、?|(?:1|一)度に|ごみは)$")
# What follows tells that only a part of the amount is meant.
_A_SHARE: Final = re.compile(r"うち|その\d割|\d割強?を|半分|残りが|ほどを")
_STANDING: Final = re.compile(r"在庫|仮置|野積|残る|残って|滞留|撤去し|今回|保管中")
_BEFORE: Final = 14
_AFTER: Final = 28


@dataclass(frozen=True, slots=True)
class _Found:
    sentence: Sentence
    amount: Amount

    @property
    def before(self) -> str:
        return self.sentence.plain[max(0, self.amount.start - _BEFORE) : self.amount.start]

    @property
    def after(self) -> str:
        return self.sentence.plain[self.amount.end : self.amount.end + _AFTER]

    @property
    def around(self) -> str:
        return self.before + self.sentence.plain[self.amount.start : self.amount.end] + self.after


def read_minimum_lot(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """Yield the least that an offering takes, in tonnes a year; 0.0 when it says there is none.

    A least load (1回20t以上) counts as that much a year: less can fill no load.
    """
    found: dict[float, Reading] = {}
    marked: dict[float, Reading] = {}
    for sentence in sentences:
        if match := _NO_MINIMUM.search(sentence.plain):
            yield sentence.matched(ReadingKind.MINIMUM_LOT, 0.0, match)
            return
        for item in _in(sentence):
            if not item.amount.every_piece and (end := _lot_end(item)):
                low = item.amount.yearly()[0]
                reading = sentence.reading(
                    ReadingKind.MINIMUM_LOT, low, item.amount.start, item.amount.end + end
                )
                found.setdefault(low, reading)
                if _MARKED.search(item.around):
                    marked.setdefault(low, reading)
    yield from _only(marked if len(found) > 1 else found)


def _lot_end(item: _Found) -> int:
    """How far the words of a lower bound reach beyond the amount; 0 when it is none."""
    bound = _AT_LEAST.match(item.after)
    clause = re.split(r"[。]", item.after)[0]
    if not bound or _NOT_A_LOT.search(item.before + clause):
        return 0
    ends = not clause[bound.end() :] or clause[bound.end()] in ")、"
    if not ends and not _TAKING.search(item.before + clause):
        return 0
    return bound.end()


def read_capacity(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """Yield what an offering can take in tonnes a year; free capacity before the whole, and 0.0
    where it says that it takes nothing in for now."""
    sentences = tuple(sentences)
    if closed := next(_closed(sentences), None):
        yield closed
        return
    whole: dict[float, Reading] = {}
    free: dict[float, Reading] = {}
    for sentence in sentences:
        for item in _in(sentence):
            if not _is_capacity(item):
                continue
            value = item.amount.yearly()[1]
            reading = sentence.reading(
                ReadingKind.CAPACITY, value, item.amount.start, item.amount.end
            )
            whole.setdefault(value, reading)
            if _FREE.search(item.before[-10:] + item.after[:8]):
                free.setdefault(value, reading)
    yield from _only(free or whole)


def _closed(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    for sentence in sentences:
        match = _CLOSED.search(sentence.plain)
        if match and not _CLOSED_OF_ANOTHER.search(sentence.plain):
            yield sentence.matched(ReadingKind.CAPACITY, 0.0, match)


def _is_capacity(item: _Found) -> bool:
    amount = item.amount
    if amount.low < amount.high or amount.period in ("", "回") or amount.every_unit:
        return False
    if re.match(r"と\d", item.after):
        return False
    if _MODEL.match(item.after) or _NO_CAPACITY.search(item.before + item.after[:10]):
        return False
    own = item.sentence.plain[amount.start : amount.end]
    return bool(_CAPACITY.search(item.before + own) or _CAPACITY_AFTER.match(item.after))


def read_quantity(sentences: Sequence[Sentence]) -> Iterator[Reading]:
    """Yield a need's quantity as a range of tonnes a year, or of tonnes in all that lie there."""
    yearly: dict[tuple[float, float], Reading] = {}
    once: dict[tuple[float, float], Reading] = {}
    for sentence in sentences:
        for item in _in(sentence):
            if item.amount.every_unit or _is_of_another(item):
                continue
            if _A_SHARE.search(sentence.plain[item.amount.end :]):
                return
            value = item.amount.yearly(CALENDAR_DAYS)
            reading = sentence.reading(
                ReadingKind.QUANTITY, value, item.amount.start, item.amount.end
            )
            if item.amount.period not in ("", "回"):
                yearly.setdefault(value, reading)
            elif _STANDING.search(sentence.plain):
                once.setdefault(value, reading)
    if yearly or len(once) != 1:
        yield from _only(yearly if not once else {})
        return
    reading = next(iter(once.values()))
    yield reading
    yield Reading(
        ReadingKind.ONE_OFF, "1回かぎり", reading.part, reading.start, reading.end, reading.phrase
    )


def _is_of_another(item: _Found) -> bool:
    """Whether an amount is a part, a whole, a price or a limit rather than the need's own."""
    return bool(_OF_MORE.search(item.before) or _NOT_OWN.search(item.before + item.after[:5]))


def _in(sentence: Sentence) -> Iterator[_Found]:
    return (_Found(sentence, amount) for amount in amounts_in(sentence.plain))


def _only(found: dict[float, Reading] | dict[tuple[float, float], Reading]) -> Iterator[Reading]:
    """Several different numbers are not understood."""
    if len(found) == 1:
        yield from found.values()
