"""Groups of needs in which a version is measured: families of materials, and regions. Pure.

Most materials have one or two needs in a judged set, on which nothing can be measured; families of
materials that are handled alike have enough.
"""

from __future__ import annotations

from collections.abc import Mapping

from embeddings.facts import NeedFacts, ReadingKind
from matchmaker.matching.ledger.domain import REGION_OF

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "プラスチック・ゴム": (
        "ペットボトル",
        "容器包装プラスチック",
        "製品プラスチック",
        "農業用プラスチック",
        "漁網・海洋プラスチック",
        "タイヤ・ゴム",
    ),
    "紙・繊維": ("古紙・雑がみ", "紙おむつ", "衣類・繊維", "羽毛・寝具"),
    "ガラス・陶磁器・金属": (
        "ガラスびん",
        "陶磁器・ガラスくず",
        "アルミニウム",
        "鉄・非鉄金属",
    ),
    "家電・電池・車": ("小型家電", "蓄電池・バッテリー", "太陽光パネル", "自動車・モビリティ"),
    "家具・備品": (
        "家具・粗大ごみ",
        "事務機器・什器",
        "公共備品・学校備品",
        "子ども用品・ベビー用品",
    ),
    "食品・農業": ("生ごみ・食品廃棄物", "廃食用油", "農業残さ", "家畜排せつ物"),
    "木・竹・建設": (
        "剪定枝・木質バイオマス",
        "放置竹林・竹材",
        "古材・空き家",
        "建設廃棄物",
    ),
    "汚泥・灰・熱": ("下水汚泥", "焼却灰", "熱・CO2"),
}
FAMILY_OF = {material: family for family, names in FAMILIES.items() for material in names}
OTHER = "そのほかの品目"
NOT_NAMED = "品目の記載なし"
NO_PREFECTURE = "所在地の記載なし"


def materials_of(need: NeedFacts) -> frozenset[str]:
    """Families of a need's materials: by the field, else those read in the text."""
    read = [str(each.value) for each in need.readings or () if each.kind is ReadingKind.MATERIAL]
    names = need.materials or read
    return frozenset(FAMILY_OF.get(name, OTHER) for name in names) or frozenset({NOT_NAMED})


def regions_of(need: NeedFacts) -> frozenset[str]:
    """The region of a need, as the only one of a set."""
    return frozenset({REGION_OF.get(need.prefecture or "", NO_PREFECTURE)})
