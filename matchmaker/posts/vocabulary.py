"""Closed vocabularies shared by needs and offerings (materials are in the database).

Official Japanese names are those of the partnership's public documents (地域循環モデル, final
report of March 2025); see ``seeds/reference/partnership.yaml`` for the source of each list.
"""

from __future__ import annotations

from matchmaker.core.fields import Choice
from matchmaker.core.prefectures import PREFECTURES

CIRCULATION_METHODS = (
    Choice("citizen_repair_reuse", "市民持ち寄り品リペア/リユース"),
    Choice("municipal_repair_reuse", "自治体回収品リペア/リユース"),
    Choice("company_sharing", "企業製品シェアリング"),
    Choice("company_remanufacture", "企業製品リペア/リマニュ"),
    Choice("citizen_sorting_recycling", "市民詳細分別リサイクル"),
    Choice("local_resource_recycling", "地域資源活用リサイクル"),
    Choice("neighbouring_recycling", "近隣地域連携リサイクル"),
    Choice("large_scale_recycling", "大規模リサイクル"),
)

MODEL_ELEMENTS = (
    Choice("wide_area_collection", "廃棄物収集～選別・再生の地域の広域化"),
    Choice("advanced_sorting", "先端技術を用いた高度かつ効率的な選別技術の活用"),
    Choice("advanced_recycling", "高品質な再生材を促進する高度な再生技術の活用"),
    Choice("arterial_venous_scheme", "循環・再生を推進する地域の動静脈連携スキーム"),
    Choice("value_creation", "炭素削減効果やエシカル・プレミアム等を通じた製品・サービスの価値化"),
    Choice("supply_chain_design", "サプライチェーン横断での製品設計・製造・再生の実現"),
    Choice("sorting_incentives", "分別・回収に対するインセンティブ付与と設計"),
    Choice(
        "secondary_market",
        "セカンダリー市場やPaaS産業等の製品利用に関する新たなビジネスによる価値提供",
    ),
    Choice("consumer_service_design", "消費者価値に訴求したサービス設計"),
    Choice("education_reskilling", "地域人材のリスキルや興味喚起を促す教育の実施"),
)

BUSINESS_APPROACHES = (
    Choice("value_of_circulation", "循環の価値化"),
    Choice("efficient_consumption_service", "効率消費サービス化"),
    Choice("optimised_production_sales", "製品の製造・販売（最適化）"),
    Choice("cost_reduction", "コスト圧縮（省資源・再生材利用）"),
)

OFFERING_KINDS = (
    Choice("technology", "技術"),
    Choice("recycling_capacity", "リサイクルの受け入れ能力"),
    Choice("sharing_service", "シェアリング・サービス"),
)

SOUGHT_KINDS = (
    Choice("technology", "技術"),
    Choice("recycling_capacity", "受け入れ先（処理・リサイクル）"),
    Choice("sharing_service", "シェアリング・サービス"),
    Choice("advice", "助言・計画づくりの支援"),
)

PROCESS_STAGES = (
    Choice("collection", "回収・運搬"),
    Choice("sorting", "選別"),
    Choice("pretreatment", "破砕・洗浄などの前処理"),
    Choice("material_recycling", "素材としての再生"),
    Choice("composting_biogas", "堆肥化・メタン発酵"),
    Choice("energy", "燃料化・熱回収"),
    Choice("manufacturing", "製品づくり"),
    Choice("repair_reuse", "修理・リユース"),
    Choice("sharing", "貸し出し・シェア"),
    Choice("planning", "計画・調査・しくみづくり"),
)

MATURITIES = (
    Choice("research", "研究段階"),
    Choice("demonstration", "実証段階"),
    Choice("early_commercial", "導入が始まった段階"),
    Choice("commercial", "広く使われている段階"),
)

SOURCE_KINDS = (
    Choice("household", "家庭系"),
    Choice("business", "事業系"),
    Choice("public_facility", "公共施設"),
    Choice("primary_industry", "農林水産業"),
    Choice("construction", "建設・解体"),
    Choice("environment", "山林・河川・海岸"),
    Choice("other", "その他"),
)

WASTE_CLASSES = (
    Choice("general", "一般廃棄物"),
    Choice("industrial", "産業廃棄物"),
    Choice("valuable", "有価物"),
    Choice("unknown", "わからない"),
)

QUANTITY_UNITS = (
    Choice("t", "t（トン）"),
    Choice("kg", "kg"),
    Choice("m3", "m³"),
    Choice("l", "L（リットル）"),
    Choice("item", "個・点・台"),
    Choice("household", "世帯"),
    Choice("ha", "ha（面積）"),
)

QUANTITY_PERIODS = (
    Choice("yearly", "1年あたり"),
    Choice("monthly", "1か月あたり"),
    Choice("weekly", "1週間あたり"),
    Choice("daily", "1日あたり"),
    Choice("one_off", "1回かぎり"),
)

QUANTITY_BASES = (Choice("measured", "実測"), Choice("rough", "おおよそ"))

PARTNER_SCOPES = (
    Choice("neighbouring", "近隣（同じ県・となりの県）"),
    Choice("prefecture", "都道府県内"),
    Choice("nationwide", "全国"),
)

BUDGET_STATES = (
    Choice("none", "予算なし"),
    Choice("considering", "検討中"),
    Choice("requested", "要求中・要求予定"),
    Choice("secured", "確保済み"),
)

LICENCES = (
    Choice("general_waste_treatment", "一般廃棄物処分業許可"),
    Choice("general_waste_transport", "一般廃棄物収集運搬業許可"),
    Choice("industrial_waste_treatment", "産業廃棄物処分業許可"),
    Choice("industrial_waste_transport", "産業廃棄物収集運搬業許可"),
    Choice("special_industrial_waste", "特別管理産業廃棄物の許可"),
    Choice("excellent_operator", "優良産廃処理業者認定"),
    Choice("secondhand_dealer", "古物商許可"),
    Choice("food_recycling_registered", "食品リサイクル法の登録再生利用事業者"),
    Choice("small_appliance_certified", "小型家電リサイクル法の認定事業者"),
    Choice("plastic_certified", "プラスチック資源循環促進法の認定"),
    Choice("fertiliser_registered", "肥料の登録・届出"),
    Choice("iso14001", "ISO 14001"),
    Choice("other", "その他"),
)

PRICE_MODELS = (
    Choice("treatment_fee", "処理費をいただく"),
    Choice("purchase", "買い取る"),
    Choice("free", "無償で引き取る"),
    Choice("usage_fee", "利用料・月額"),
    Choice("equipment_sale", "設備を販売する"),
    Choice("consultation", "相談して決める"),
)

VISIBILITIES = (
    Choice("public", "だれでも見られる"),
    Choice("members", "会員だけが見られる"),
)

NATIONWIDE = "全国"

PREFECTURE_CHOICES = tuple(Choice(name, name) for name in PREFECTURES)
SERVICE_AREA_CHOICES = (Choice(NATIONWIDE, NATIONWIDE), *PREFECTURE_CHOICES)
