"""The example row of each template: invented, and passed over by import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.posts.domain import PostKind

EXAMPLES: Mapping[PostKind, Mapping[str, Cell]] = {
    PostKind.NEED: {
        "title": "放置竹林の竹を地域で使い切りたい",
        "problem": "山ぎわの竹林が広がり、切った竹の置き場がありません。焼却にも費用がかかります。",
        "background": "所有者の高齢化で手入れが止まった竹林が増えています。",
        "desired_state": "切った竹が町のなかで使われ、手入れが続くようにしたいです。",
        "materials": "竹・木質",
        "source_kinds": "山林・河川・海岸",
        "waste_class": "わからない",
        "quantity_min": 100,
        "quantity_max": 300,
        "quantity_unit": "t（トン）",
        "quantity_period": "1年あたり",
        "quantity_basis": "おおよそ",
        "circulation_methods": "地域資源活用リサイクル",
        "sought_kinds": "技術、助言・計画づくりの支援",
        "partner_scope": "全国",
        "start_wished_on": date(2027, 4, 1),
        "budget_state": "検討中",
        "pilot_field_offered": "はい",
        "department": "環境課",
        "visibility": "だれでも見られる",
    },
    PostKind.OFFERING: {
        "kind": "技術",
        "title": "竹をチップにして土壌改良材に変える出張サービス",
        "description": "移動式の機械で竹を現地でチップにし、発酵させて土壌改良材にします。",
        "strengths": "道が細い場所にも入れます。",
        "input_materials": "竹・木質",
        "output_products": "土壌改良材",
        "process_stages": "破砕・洗浄などの前処理、堆肥化・メタン発酵",
        "capacity_tonnes_per_year": 600,
        "free_capacity_tonnes_per_year": 200,
        "minimum_lot_tonnes_per_year": 10,
        "price_model": "処理費をいただく",
        "lead_time_months": 2,
        "service_area": "全国",
        "maturity": "導入が始まった段階",
        "circulation_methods": "地域資源活用リサイクル",
        "visibility": "だれでも見られる",
    },
}
