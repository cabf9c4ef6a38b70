"""Content for the gallery: invented, but as people would write it."""

from __future__ import annotations

from typing import Any

from matchmaker.core.paging import Page
from matchmaker.matching.domain import WRONG_REASONS

FEEDBACK_REASONS = [(choice.code, choice.label) for choice in WRONG_REASONS]
RECOMMENDATIONS: list[dict[str, Any]] = [
    {
        "key": "offering-1",
        "title": "竹を丸ごと使い切る、移動式チッパーと竹粉の土づくり資材",
        "url": "/offerings/1",
        "organization": "里山循環テック株式会社",
        "organization_url": "/organizations/1",
        "place": "岡山県真庭市",
        "kind": "技術",
        "strength": 3,
        "quote": {
            "mine": "整備した竹の置き場がなく、運び出す費用も出せません。",
            "theirs": "軽トラックで運べる粉砕機を竹林に持ち込み、その場で竹粉にします。",
        },
        "reasons": [
            {"label": "同じ品目", "text": "竹"},
            {"label": "同じ循環の方法", "text": "未利用資源の活用"},
            "近隣の町で、同じ規模の実績があります（2024年、年80トン）。",
        ],
        "doubts": ["受け入れの空きは、来年4月からです。"],
        "facts": [
            ("距離", "約42 km"),
            ("量", "年60トン（受け入れ 年200トン）"),
            ("最小の量", "1回5トン"),
        ],
        "feedback_url": "/feedback/1",
        "feedback_reasons": FEEDBACK_REASONS,
    },
    {
        "key": "offering-2",
        "title": "竹の繊維からつくる成形材料",
        "url": "/offerings/2",
        "organization": "瀬戸内バイオマテリアル合同会社",
        "place": "広島県福山市",
        "kind": "受け入れ能力",
        "strength": 2,
        "quote": {
            "mine": "竹を地域の仕事につなげたいと考えています。",
            "theirs": "地域で集めた竹を買い取り、食器や建材の材料にしています。",
        },
        "reasons": [{"label": "同じ品目", "text": "竹"}, "買い取りができます。"],
        "doubts": [
            {"label": "最小の量", "text": "1回10トンから。ニーズの量では年6回分です。"},
            "運ぶ手段は、自治体で用意する必要があります。",
        ],
        "facts": [("距離", "約88 km"), ("量", "年60トン（受け入れ 年1,500トン）")],
        "feedback_url": "/feedback/2",
        "feedback_reasons": FEEDBACK_REASONS,
        "feedback_given": "useful",
    },
]
WAITING: list[dict[str, Any]] = [
    {
        "title": "里山循環テック株式会社が、話を聞きたいと答えました",
        "url": "/introductions/1",
        "text": "放置竹林の竹を地域で使い切りたい",
        "due": "11月30日まで",
    },
    {
        "title": "ニーズが差し戻されました",
        "url": "/needs/3",
        "text": "量の単位を確かめてください。",
    },
]
NEEDS: list[dict[str, Any]] = [
    {
        "title": "放置竹林の竹を地域で使い切りたい",
        "url": "/needs/1",
        "by": "みどり町（岡山県）",
        "text": (
            "町内の竹林が手入れされないまま広がり、道や畑に倒れ込んでいます。整備は年2回行って"
            "いますが、切った竹の置き場がなく、運び出す費用も出せません。地域の中で使い道を見つけ、"
            "できれば仕事にもつなげたいと考えています。"
        ),
        "tags": ["竹", "未利用資源の活用"],
        "meta": ["年60トン", "近隣まで", "2026年11月18日"],
        "state": "公開中",
        "state_kind": "open",
    },
    {
        "title": "学校給食の食べ残しを、町の農地へ返したい",
        "url": "/needs/2",
        "by": "うみべ市（宮城県）",
        "text": "給食センターから一日およそ90キロの食べ残しが出ます。いまは焼却しています。",
        "tags": ["食品残さ", "地域内の循環"],
        "meta": ["年18トン", "都道府県内", "2026年11月16日"],
        "state": "確認待ち",
        "state_kind": "wait",
    },
]
MATERIALS: list[dict[str, Any]] = [
    {"value": "food", "label": "食品残さ", "count": 31},
    {"value": "plastic", "label": "容器包装プラスチック", "count": 24},
    {"value": "bamboo", "label": "竹", "count": 9},
    {"value": "solar", "label": "太陽光パネル", "count": 7},
    {"value": "textile", "label": "古着・繊維", "count": 6},
]
SCOPES: list[dict[str, Any]] = [
    {"value": "near", "label": "近隣"},
    {"value": "prefecture", "label": "都道府県内"},
    {"value": "country", "label": "全国"},
]
PREFECTURES: list[dict[str, Any]] = [
    {"prefecture": name, "count": count, "url": f"/needs?prefecture={name}"}
    for name, count in {
        "北海道": 12, "青森県": 3, "岩手県": 4, "宮城県": 7, "秋田県": 1, "福島県": 5,
        "茨城県": 2, "群馬県": 3, "埼玉県": 4, "千葉県": 6, "東京都": 9, "神奈川県": 8,
        "新潟県": 5, "石川県": 2, "長野県": 6, "静岡県": 4, "愛知県": 10, "三重県": 2,
        "京都府": 5, "大阪府": 7, "兵庫県": 6, "奈良県": 1, "島根県": 2, "岡山県": 8,
        "広島県": 4, "徳島県": 3, "香川県": 1, "愛媛県": 2, "高知県": 2, "福岡県": 8,
        "熊本県": 4, "大分県": 2, "宮崎県": 3, "鹿児島県": 6, "沖縄県": 3,
    }.items()
]  # fmt: skip
BARS: list[dict[str, Any]] = [
    {"label": "食品残さ", "value": 31, "url": "/needs?material=food"},
    {"label": "容器包装プラスチック", "value": 24},
    {"label": "木くず・剪定枝", "value": 17},
    {"label": "竹", "value": 9, "marked": True},
    {"label": "太陽光パネル", "value": 7},
    {"label": "古着・繊維", "value": 6},
]
COLUMNS: list[dict[str, Any]] = [
    {"key": "title", "label": "件名", "sort": "title"},
    {"key": "place", "label": "場所"},
    {"key": "quantity", "label": "量（t/年）", "numeric": True, "sort": "quantity"},
    {"key": "state", "label": "状態"},
]
ROWS: list[dict[str, Any]] = [
    {
        "title": {"text": "剪定枝をチップにして使いたい", "url": "/needs/4"},
        "place": "長野県",
        "quantity": "120",
        "state": "公開中",
    },
    {
        "title": {"text": "放置竹林の竹を地域で使い切りたい", "url": "/needs/1"},
        "place": "岡山県",
        "quantity": "60",
        "state": "公開中",
    },
    {
        "title": {"text": "使い終えた太陽光パネルを集めたい", "url": "/needs/5"},
        "place": "宮崎県",
        "quantity": None,
        "state": "確認待ち",
    },
]
BANNERS = [
    ("info", "11月28日に、地域の対話会を開きます", "会場とオンラインのどちらでも参加できます。"),
    ("success", "保存しました", "候補を見直しました。新しく2件が見つかっています。"),
    ("warning", "掲載の期限が近づいています", "12月6日を過ぎると、一覧に出なくなります。"),
    ("error", "取り込めない行がありました", "3行目の「量」を直してください。"),
    ("wait", "返事をお待ちしています", "里山循環テック株式会社から、面談の候補日が届いています。"),
]
FACTS = [
    ("困っていること", "竹林が広がり、道や畑に倒れ込んでいます。\n切った竹の置き場がありません。"),
    ("品目", "竹"),
    ("量", "年60トン（実測）"),
    ("いまの処理", "町有地に仮置き。年1回、焼却施設へ運搬"),
    ("始めたい時期", "2027年4月1日（令和9年）"),
    ("予算の状況", ""),
]
TIMELINE: list[dict[str, Any]] = [
    {
        "when": "2026年11月22日",
        "iso": "2026-11-22",
        "title": "事業者が関心を伝えました",
        "text": "返事をお待ちしています。",
        "waits": True,
    },
    {"when": "2026年11月18日", "iso": "2026-11-18", "title": "公開しました"},
    {"when": "2026年11月17日", "iso": "2026-11-17", "title": "事務局が確認しました"},
]
CASES: list[dict[str, Any]] = [
    {
        "title": "使用済みペットボトルを、もう一度ボトルに",
        "url": "/cases/1",
        "eyebrow": "鹿児島県・協定",
        "text": "12分別の町と飲料メーカーが協定を結び、町で集めたボトルを新しいボトルに戻します。",
        "tags": ["ペットボトル"],
        "meta": ["2021年", "出典：環境省"],
    },
    {
        "title": "下水汚泥から、農家が使いたくなる肥料をつくる",
        "url": "/cases/2",
        "eyebrow": "佐賀県・実証",
        "text": "浄化センターでつくった肥料を、農家の声を聞きながら改良しました。",
        "tags": ["下水汚泥", "肥料"],
        "meta": ["2018年", "出典：国土交通省"],
    },
    {
        "title": "古着を集め、選別し、島の外へ",
        "url": "/cases/3",
        "eyebrow": "沖縄県・回収",
        "text": "離島の運賃を抑えるため、三つの町がまとめて送り出しています。",
        "tags": ["古着・繊維"],
        "meta": ["2023年"],
    },
]
SAMPLES: dict[str, Any] = {
    "recommendations": RECOMMENDATIONS,
    "waiting": WAITING,
    "needs": NEEDS,
    "materials": MATERIALS,
    "scopes": SCOPES,
    "page": Page(items=(), number=3, size=20, total=128),
    "prefectures": PREFECTURES,
    "bars": BARS,
    "columns": COLUMNS,
    "rows": ROWS,
    "banners": BANNERS,
    "facts": FACTS,
    "timeline": TIMELINE,
    "cases": CASES,
}
