"""Organisations: their vocabularies, what a valid one looks like, distances. Pure functions."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import jaconv

from matchmaker.core.errors import ProductError
from matchmaker.core.fields import Choice
from matchmaker.core.prefectures import PREFECTURES

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""

CATEGORIES = (
    Choice("company", "企業"),
    Choice("industry_association", "業界団体"),
    Choice("municipality", "自治体"),
    Choice("university_or_research", "大学・研究機関"),
    Choice("related_body", "関係機関・関係団体"),
)

COMPANY_SIZES = (
    Choice("large", "大企業"),
    Choice("small_and_medium", "中小企業"),
    Choice("micro", "小規模企業"),
)

INDUSTRIES = (
    Choice("waste_recycling_consulting", "廃棄物処理・リサイクル・環境コンサルタント業"),
    Choice("information_communication", "情報通信業"),
    Choice("transport_equipment", "輸送機械器具製造業"),
    Choice("services", "サービス業"),
    Choice("wood_pulp_paper", "木材・木製品、パルプ・紙・紙加工品製造業"),
    Choice("chemicals", "化学工業"),
    Choice("food_drink_feed", "食料品、飲料・たばこ・飼料製造業"),
    Choice("electrical_machinery", "電気機械器具製造業"),
    Choice("agriculture_forestry_fishery", "農業、林業、漁業"),
    Choice("wholesale_retail", "卸売業、小売業"),
    Choice("other_manufacturing", "その他の製造業"),
    Choice("real_estate", "不動産業"),
    Choice("ceramics_stone", "窯業・土石製品製造業"),
    Choice("petroleum_coal", "石油製品・石炭製品製造業"),
    Choice("textiles", "繊維工業"),
    Choice("construction", "建設業"),
    Choice("goods_rental", "物品賃貸業"),
    Choice("non_ferrous_metals", "非鉄金属製造業"),
    Choice("related_body", "関係機関・関係団体"),
    Choice("production_machinery", "生産用機械器具製造業"),
    Choice("university", "大学"),
    Choice("electronics", "情報通信機械器具、電子部品・デバイス・電子回路製造業"),
    Choice("metal_products", "金属製品製造業"),
    Choice("municipality", "自治体"),
    Choice("research_institute", "研究機関"),
    Choice("education_medical_welfare", "教育、学習支援、医療、福祉、複合サービス業"),
    Choice("business_machinery", "業務用機械器具製造業"),
    Choice("electricity_gas_heat_water", "電気・ガス・熱供給・水道業"),
    Choice("steel", "鉄鋼業"),
    Choice("general_machinery", "はん用機械器具製造業"),
    Choice("finance_insurance", "金融業、保険業"),
    Choice("transport", "運輸業"),
)
"""The 32 industries of the partnership's member statistics (see partnership.yaml)."""

MUNICIPALITY = "municipality"
COMPANY = "company"
NAME_LENGTH = 120
DESCRIPTION_LENGTH = 2000
URL_LENGTH = 300


class OrganizationStatus(StrEnum):
    """Whether the organisation takes part."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class InvalidOrganization(ProductError):
    """Some fields of an organisation are not right.

    Args:
        problems: message in Japanese by field name.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        field_name, message = next(iter(problems.items()))
        super().__init__(message, field_name)
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class OrganizationData:
    """What is known about an organisation, as typed in or loaded.

    Args:
        name: official name.
        kana: reading in katakana.
        category: code of :data:`CATEGORIES`.
        company_size: code of :data:`COMPANY_SIZES`, for companies.
        industry: code of :data:`INDUSTRIES`.
        corporate_number: 13 digits, or empty.
        local_government_code: six digits, for municipalities, or empty.
        prefecture: official name of the prefecture.
        municipality_code: six digits of the municipality it sits in, or empty.
        latitude: degrees north; taken from the municipality when left out.
        longitude: degrees east; taken from the municipality when left out.
        website: http(s) address, or empty.
        description: plain text.
        is_trusted: whether posts may be published without review (the secretariat decides).
        is_demo: whether the organisation is invented.
    """

    name: str
    category: str
    prefecture: str
    kana: str = ""
    company_size: str = ""
    industry: str = ""
    corporate_number: str = ""
    local_government_code: str = ""
    municipality_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    description: str = ""
    is_trusted: bool = False
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map with the prefecture it lies in."""

    prefecture: str
    latitude: float
    longitude: float
    name: str = field(default="", compare=False)


def normalized_line(text: str) -> str:
    """One line with full-width letters and digits made half-width and spaces tidied."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def normalized_kana(text: str) -> str:
    """Reading in full-width katakana: hiragana and half-width kana are turned into it."""
    return str(jaconv.hira2kata(normalized_line(text)))


def normalized_digits(text: str) -> str:
    """Digits alone: full-width ones made half-width, hyphens and spaces dropped."""
    return re.sub(r"[\s\-‐‑–—―ー−]", "", unicodedata.normalize("NFKC", text))


def search_form(text: str) -> str:
    """Form in which names are compared: NFKC, lower case, katakana, no spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s+", "", str(jaconv.hira2kata(folded)))


def corporate_number_is_valid(number: str) -> bool:
    """Whether ``number`` is a 法人番号 with the right check digit.

    The first digit is 9 − (Σ Pn·Qn mod 9) over the other twelve from the right, with Qn = 1 for odd
    and 2 for even n. Source: 法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条.
    """
    if not re.fullmatch(r"[0-9]{13}", number):
        return False
    base = [int(digit) for digit in reversed(number[1:])]
    total = sum(digit * (2 if position % 2 else 1) for position, digit in enumerate(base))
    return int(number[0]) == 9 - total % 9


def local_government_code_is_valid(code: str) -> bool:
    """Whether ``code`` is a six-digit 全国地方公共団体コード with the right check digit.

    The sixth digit is the last digit of 11 − (Σ digit·weight mod 11) with weights 6, 5, 4, 3, 2.
    Source: 総務省「全国地方公共団体コード」 検証番号.
    """
    if not re.fullmatch(r"[0-9]{6}", code):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=False))
    return int(code[5]) == (11 - total % 11) % 10


def is_prefecture_code(code: str) -> bool:
    """Whether the code names a prefecture itself (``130001`` 東京都), not a municipality."""
    return len(code) == 6 and code[2:5] == "000"  # noqa: PLR2004


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance between two places in kilometres (haversine formula)."""
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    d_lat = lat_b - lat_a
    d_lon = math.radians(b.longitude - a.longitude)
    h = math.sin(d_lat / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(d_lon / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))


def normalized(data: OrganizationData) -> OrganizationData:
    """The same data as it is stored: half-width digits, katakana reading, tidy lines."""
    return replace(
        data,
        name=normalized_line(data.name),
        kana=normalized_kana(data.kana),
        corporate_number=normalized_digits(data.corporate_number),
        local_government_code=normalized_digits(data.local_government_code),
        municipality_code=normalized_digits(data.municipality_code),
        website=normalized_line(data.website),
        description=data.description.replace("\r\n", "\n").strip(),
        company_size=data.company_size if data.category == COMPANY else "",
    )


def problems_of(data: OrganizationData) -> dict[str, str]:
    """What is wrong with (normalised) data: message in Japanese by field name, empty when fine."""
    checks = (_name_problems, _choice_problems, _number_problems, _place_problems, _text_problems)
    found: dict[str, str] = {}
    for check in checks:
        found.update(check(data))
    return found


def _name_problems(data: OrganizationData) -> dict[str, str]:
    found = {}
    if not data.name:
        found["name"] = "団体の名前を入力してください。"
    elif len(data.name) > NAME_LENGTH:
        found["name"] = f"団体の名前は{NAME_LENGTH}文字までで入力してください。"
    if len(data.kana) > NAME_LENGTH:
        found["kana"] = f"フリガナは{NAME_LENGTH}文字までで入力してください。"
    elif data.kana and not re.fullmatch(r"[ァ-ヶー・＝\s0-9A-Za-z()&.,'\-]*", data.kana):
        found["kana"] = "フリガナはカタカナで入力してください。"
    return found


def _choice_problems(data: OrganizationData) -> dict[str, str]:
    found = {}
    if data.category not in codes(CATEGORIES):
        found["category"] = "区分を選んでください。"
    if data.company_size and data.company_size not in codes(COMPANY_SIZES):
        found["company_size"] = "企業の規模を一覧から選んでください。"
    if data.industry and data.industry not in codes(INDUSTRIES):
        found["industry"] = "業種を一覧から選んでください。"
    return found


def _number_problems(data: OrganizationData) -> dict[str, str]:
    found = {}
    if data.corporate_number and not corporate_number_is_valid(data.corporate_number):
        found["corporate_number"] = "法人番号が正しくありません。13けたの数字を確かめてください。"
    code = data.local_government_code
    if code and data.category != MUNICIPALITY:
        found["local_government_code"] = "団体コードは自治体だけが入力できます。"
    elif code and not local_government_code_is_valid(code):
        found["local_government_code"] = (
            "団体コードが正しくありません。6けたの数字を確かめてください。"
        )
    return found


def _place_problems(data: OrganizationData) -> dict[str, str]:
    found = {}
    if data.prefecture not in PREFECTURES:
        found["prefecture"] = "都道府県を選んでください。"
    if data.municipality_code and not local_government_code_is_valid(data.municipality_code):
        found["municipality_code"] = "市区町村を一覧から選んでください。"
    if data.latitude is not None and not -90 <= data.latitude <= 90:  # noqa: PLR2004
        found["latitude"] = "緯度は-90から90までの数字で入力してください。"
    if data.longitude is not None and not -180 <= data.longitude <= 180:  # noqa: PLR2004
        found["longitude"] = "経度は-180から180までの数字で入力してください。"
    return found


def _text_problems(data: OrganizationData) -> dict[str, str]:
    found = {}
    if data.website and not _is_web_address(data.website):
        found["website"] = "ウェブサイトは https:// から始まるアドレスで入力してください。"
    elif len(data.website) > URL_LENGTH:
        found["website"] = f"ウェブサイトは{URL_LENGTH}文字までで入力してください。"
    if len(data.description) > DESCRIPTION_LENGTH:
        found["description"] = f"紹介文は{DESCRIPTION_LENGTH:,}文字までで入力してください。"
    return found


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in parts.netloc and " " not in text


def codes(choices: tuple[Choice, ...]) -> frozenset[str]:
    """All codes of a vocabulary."""
    return frozenset(choice.code for choice in choices)


def label_of(choices: tuple[Choice, ...], code: str | None) -> str:
    """Japanese label of ``code``; empty when there is none."""
    return next((choice.label for choice in choices if choice.code == code), "")


def code_of(choices: tuple[Choice, ...], label: str) -> str:
    """Code of the entry that people call ``label`` (for seed and import files)."""
    for choice in choices:
        if label in (choice.label, choice.code):
            return choice.code
    raise KeyError(label)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the fields whose values differ, in order, for the audit log."""
    return [name for name, value in after.items() if before.get(name) != value]
