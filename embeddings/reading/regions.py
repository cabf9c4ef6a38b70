"""Names of prefectures and regions as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from embeddings.facts import WHOLE_COUNTRY

PREFECTURES: Final = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県",
    "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県",
    "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府",
    "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県",
    "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県",
    "鹿児島県", "沖縄県",
)  # fmt: skip
_SHIKOKU: Final = ("徳島県", "香川県", "愛媛県", "高知県")
_CAPITAL: Final = ("東京都", "埼玉県", "千葉県", "神奈川県")
# Regions that the map knows stand as they are; others as their prefectures.
_REGIONS: Final[dict[str, tuple[str, ...]]] = {
    "東北": ("東北",), "関東": ("関東",), "首都圏": ("首都圏",), "甲信越": ("甲信越",),
    "北陸": ("北陸",), "東海": ("東海",), "中部": ("中部",), "近畿": ("近畿",),
    "関西": ("関西",), "近畿2府4県": ("関西",), "関西2府4県": ("関西",),
    "中国地方": ("中国地方",), "中国5県": ("中国地方",), "中国・四国": ("中国地方", "四国"),
    "四国・中国": ("中国地方", "四国"), "中四国": ("中国地方", "四国"), "四国": ("四国",),
    "九州・沖縄": ("九州・沖縄",), "九州沖縄": ("九州・沖縄",), "九州": ("九州",),
    "道内": ("北海道",), "都内": ("東京都",), "全道": ("北海道",),
    "一都三県": _CAPITAL, "1都3県": _CAPITAL, "関東1都6県": ("関東",), "関東一都六県": ("関東",),
    "北関東": ("茨城県", "栃木県", "群馬県"), "東海3県": ("愛知県", "岐阜県", "三重県"),
    "東海三県": ("愛知県", "岐阜県", "三重県"), "関東甲信越": ("関東", "甲信越"),
    "関東甲信": ("関東", "山梨県", "長野県"), "京滋": ("京都府", "滋賀県"),
    "四国4県": _SHIKOKU, "山陰": ("鳥取県", "島根県"),
}  # fmt: skip
# Districts that lie in one prefecture.
_DISTRICTS: Final = {"十勝": "北海道", "道東": "北海道", "会津": "福島県", "沖縄本島": "沖縄県"}


def _names() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for prefecture in PREFECTURES:
        names[prefecture] = (prefecture,)
        if prefecture != "北海道":
            names[prefecture[:-1]] = (prefecture,)
    names.update(_REGIONS)
    names.update({name: (prefecture,) for name, prefecture in _DISTRICTS.items()})
    return names


NAMES: Final = _names()
_NAME: Final = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
# 長野市 is not 長野; 大分 stands in 大分ける, 山口 in 山口さん.
_ONE: Final = (
    rf"(?:{_NAME})(?!市|町(?!村)|村|区(?!\d)|駅|港|湾|郡|さん|氏|産|ける|行き|発(?!生)|工業|大学|銀行)"
    r"(?:各?[県府]|地方|圏内?|エリア|管内|域内|県内|府内|全域|全県|一円|内|[東西南北中]部|周辺|沿岸"
    r"|(?:の)?[\d一二三四五六七八九]県|\d都\d県|\d+[区県])*"
)
_JOINT: Final = r"(?:[・、,/]|と|や|及び|および|並びに|または|又は)"
_RUN: Final = re.compile(rf"(?:{_ONE})(?:{_JOINT}(?:{_ONE}))*(?:の[\d一二三四五六七八九]県|各県)?")
_EACH: Final = re.compile(_NAME)


@dataclass(frozen=True, slots=True)
class NamedArea:
    """Neighbouring names of places in a sentence.

    Attributes:
        values: prefectures, regions known to the map, or 全国.
        start, end: offsets in the sentence.
    """

    values: tuple[str, ...]
    start: int
    end: int


def areas_in(plain: str) -> list[NamedArea]:
    """Find the names of prefectures and regions in a sentence, joined ones together.

    Args:
        plain: a text in the plain form.
    """
    found = []
    for run in _RUN.finditer(plain):
        names = [name.group() for name in _EACH.finditer(plain, run.start(), run.end())]
        values = tuple(dict.fromkeys(value for name in names for value in NAMES[name]))
        found.append(NamedArea(values, run.start(), run.end()))
    return found


def whole_country(match: re.Match[str]) -> NamedArea:
    """Return the whole country, named by a match."""
    return NamedArea((WHOLE_COUNTRY,), match.start(), match.end())
