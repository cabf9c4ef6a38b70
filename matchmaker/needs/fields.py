"""The fields of a need (ニーズ): what a municipality is asked, field by field."""

from __future__ import annotations

from matchmaker.core.fields import FieldKind, FieldSpec, FieldTable, Section
from matchmaker.posts import vocabulary as v
from matchmaker.posts.disclosure import with_stage_hints

K = FieldKind
TONNES_BOUND = 10_000_000

SECTIONS = (
    Section("problem", "困っていること", "思いつくままの言葉でかまいません。", opened=True),
    Section("object", "対象となるもの", "わかる範囲で選んでください。", opened=True),
    Section("quantity", "量", "おおよその数でかまいません。"),
    Section("present", "いまの処理"),
    Section("direction", "めざす方向"),
    Section("place", "場所と相手の範囲"),
    Section("plan", "時期・予算・実証"),
    Section("posting", "掲載のしかた"),
)

FIELDS = (
    FieldSpec("title", "件名", K.LINE, "problem", required=True, max_length=80,
              help="例：放置竹林の竹を地域で使い切りたい"),
    FieldSpec("problem", "困っていること", K.TEXT, "problem", required=True, max_length=4000,
              help="何に、どのように困っているかを書いてください。"),
    FieldSpec("background", "背景", K.TEXT, "problem", max_length=2000,
              help="これまでの経緯や地域の事情があれば書いてください。"),
    FieldSpec("desired_state", "めざす姿", K.TEXT, "problem", max_length=2000,
              help="どうなるとよいかを書いてください。"),
    FieldSpec("conditions", "条件", K.TEXT, "problem", max_length=2000,
              help="相手に守ってほしいこと、できないことがあれば書いてください。"),
    FieldSpec("materials", "品目", K.CHOICES, "object", vocabulary="materials", max_items=10),
    FieldSpec("source_kinds", "どこから出るか", K.CHOICES, "object", choices=v.SOURCE_KINDS),
    FieldSpec("waste_class", "区分", K.CHOICE, "object", choices=v.WASTE_CLASSES),
    FieldSpec("quantity_min", "量（下限）", K.DECIMAL, "quantity", minimum=0,
              maximum=TONNES_BOUND, help="ひとつの数のときは下限だけ入れてください。",
              stage="members"),
    FieldSpec("quantity_max", "量（上限）", K.DECIMAL, "quantity", minimum=0,
              maximum=TONNES_BOUND, stage="members"),
    FieldSpec("quantity_unit", "単位", K.CHOICE, "quantity", choices=v.QUANTITY_UNITS,
              stage="members"),
    FieldSpec("quantity_period", "期間", K.CHOICE, "quantity", choices=v.QUANTITY_PERIODS,
              stage="members"),
    FieldSpec("quantity_basis", "量の確かさ", K.CHOICE, "quantity", choices=v.QUANTITY_BASES,
              stage="members"),
    FieldSpec("present_treatment", "いまの処理方法", K.TEXT, "present", max_length=1000),
    FieldSpec("present_cost_yen_per_year", "いまの費用", K.INTEGER, "present", minimum=0,
              maximum=100_000_000_000, unit="円/年", stage="interested"),
    FieldSpec("circulation_methods", "循環の構築方法", K.CHOICES, "direction",
              choices=v.CIRCULATION_METHODS),
    FieldSpec("model_elements", "地域循環モデルの要素", K.CHOICES, "direction",
              choices=v.MODEL_ELEMENTS),
    FieldSpec("sought_kinds", "求めているもの", K.CHOICES, "direction", choices=v.SOUGHT_KINDS),
    FieldSpec("prefecture", "都道府県", K.CHOICE, "place", choices=v.PREFECTURE_CHOICES),
    FieldSpec("municipality_code", "市区町村", K.MUNICIPALITY, "place"),
    FieldSpec("place_detail", "場所のくわしい説明", K.LINE, "place", max_length=200,
              help="個人の家や土地がわかる書き方は避けてください。"),
    FieldSpec("partner_scope", "相手の範囲", K.CHOICE, "place", choices=v.PARTNER_SCOPES),
    FieldSpec("start_wished_on", "始めたい時期", K.DATE, "plan"),
    FieldSpec("budget_state", "予算の状況", K.CHOICE, "plan", choices=v.BUDGET_STATES,
              stage="members"),
    FieldSpec("pilot_field_offered", "実証の場所を出せる", K.FLAG, "plan"),
    FieldSpec("pilot_field", "実証の場所の説明", K.TEXT, "plan", max_length=500),
    FieldSpec("department", "担当部署", K.LINE, "posting", max_length=80),
    FieldSpec("contact", "連絡先（電話・メール）", K.LINE, "posting", max_length=200,
              stage="parties"),
    FieldSpec("visibility", "見せる範囲", K.CHOICE, "posting", required=True,
              choices=v.VISIBILITIES),
    FieldSpec("valid_until", "掲載の期限", K.DATE, "posting",
              help="空欄のときは1年後になります。"),
)  # fmt: skip

NEED_FIELDS = FieldTable(SECTIONS, with_stage_hints(FIELDS))
