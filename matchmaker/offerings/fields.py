"""The fields of an offering (シーズ): what a business is asked, field by field."""

from __future__ import annotations

from matchmaker.core.fields import FieldKind, FieldSpec, FieldTable, Section
from matchmaker.posts import vocabulary as v
from matchmaker.posts.disclosure import with_stage_hints

K = FieldKind
TONNES_BOUND = 100_000_000
TECHNOLOGY = ("kind", frozenset({"technology"}))
CAPACITY = ("kind", frozenset({"recycling_capacity"}))
SHARING = ("kind", frozenset({"sharing_service"}))

SECTIONS = (
    Section("summary", "できること", "だれの、どんな困りごとに効くかを書いてください。", True),
    Section("object", "扱うもの", "わかる範囲で選んでください。", True),
    Section("capacity", "能力と受け入れの条件"),
    Section("kind", "種類ごとのくわしい内容"),
    Section("area", "対応できる地域と拠点"),
    Section("trust", "実績・許可"),
    Section("direction", "循環のしかた"),
    Section("posting", "掲載のしかた"),
)

FIELDS = (
    FieldSpec("kind", "種類", K.CHOICE, "summary", required=True, choices=v.OFFERING_KINDS),
    FieldSpec("title", "件名", K.LINE, "summary", required=True, max_length=80,
              help="例：竹をチップにして土壌改良材に変える出張サービス"),
    FieldSpec("description", "できること", K.TEXT, "summary", required=True, max_length=4000,
              help="何を受け取り、どうして、何にするかを書いてください。"),
    FieldSpec("strengths", "強み", K.TEXT, "summary", max_length=2000),
    FieldSpec("input_materials", "受け入れる品目", K.CHOICES, "object", vocabulary="materials",
              max_items=15),
    FieldSpec("output_materials", "できるもの（品目）", K.CHOICES, "object",
              vocabulary="materials", max_items=15),
    FieldSpec("output_products", "できる製品・サービス", K.LINE, "object", max_length=200),
    FieldSpec("process_stages", "担う工程", K.CHOICES, "object", choices=v.PROCESS_STAGES),
    FieldSpec("capacity_tonnes_per_year", "能力", K.DECIMAL, "capacity", minimum=0,
              maximum=TONNES_BOUND, unit="t/年"),
    FieldSpec("free_capacity_tonnes_per_year", "うち空き", K.DECIMAL, "capacity", minimum=0,
              maximum=TONNES_BOUND, unit="t/年", stage="members"),
    FieldSpec("minimum_lot_tonnes_per_year", "最低の量", K.DECIMAL, "capacity", minimum=0,
              maximum=TONNES_BOUND, unit="t/年", help="これより少ないと受けられない量です。"),
    FieldSpec("acceptance_conditions", "受け入れの条件", K.TEXT, "capacity", max_length=1000,
              help="混ざりものや荷姿など、断る場合もあわせて書いてください。"),
    FieldSpec("price_model", "費用のしくみ", K.CHOICE, "capacity", choices=v.PRICE_MODELS),
    FieldSpec("price_note", "費用のめやす", K.LINE, "capacity", max_length=200, stage="members"),
    FieldSpec("technology_requirements", "導入に必要なもの（場所・電気・水など）", K.TEXT, "kind",
              max_length=1000, only_when=TECHNOLOGY),
    FieldSpec("lead_time_months", "導入までの期間", K.INTEGER, "kind", minimum=0, maximum=240,
              unit="か月", only_when=TECHNOLOGY),
    FieldSpec("facility_type", "施設の種類", K.LINE, "kind", max_length=100, only_when=CAPACITY),
    FieldSpec("collection_offered", "引き取りに行ける", K.FLAG, "kind", only_when=CAPACITY),
    FieldSpec("shared_goods", "貸し出すもの・サービス", K.TEXT, "kind", max_length=1000,
              only_when=SHARING),
    FieldSpec("operation_model", "運営のしかた", K.TEXT, "kind", max_length=1000,
              only_when=SHARING),
    FieldSpec("service_area", "対応できる地域", K.CHOICES, "area",
              choices=v.SERVICE_AREA_CHOICES, max_items=48),
    FieldSpec("prefecture", "拠点の都道府県", K.CHOICE, "area", choices=v.PREFECTURE_CHOICES),
    FieldSpec("municipality_code", "拠点の市区町村", K.MUNICIPALITY, "area"),
    FieldSpec("plant_address", "拠点の名称・所在地", K.LINE, "area", max_length=200),
    FieldSpec("maturity", "段階", K.CHOICE, "trust", choices=v.MATURITIES),
    FieldSpec("track_record", "実績", K.TEXT, "trust", max_length=2000),
    FieldSpec("licences", "許可・認証", K.CHOICES, "trust", choices=v.LICENCES),
    FieldSpec("licence_note", "許可のくわしい内容", K.LINE, "trust", max_length=200),
    FieldSpec("circulation_methods", "循環の構築方法", K.CHOICES, "direction",
              choices=v.CIRCULATION_METHODS),
    FieldSpec("business_approaches", "事業の進め方", K.CHOICES, "direction",
              choices=v.BUSINESS_APPROACHES),
    FieldSpec("website", "紹介ページ", K.URL, "posting", max_length=300),
    FieldSpec("contact", "連絡先（電話・メール）", K.LINE, "posting", max_length=200,
              stage="parties"),
    FieldSpec("visibility", "見せる範囲", K.CHOICE, "posting", required=True,
              choices=v.VISIBILITIES),
    FieldSpec("valid_until", "掲載の期限", K.DATE, "posting",
              help="空欄のときは1年後になります。"),
)  # fmt: skip

OFFERING_FIELDS = FieldTable(SECTIONS, with_stage_hints(FIELDS))
