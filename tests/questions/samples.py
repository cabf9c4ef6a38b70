"""Questionnaires that tests use."""

from __future__ import annotations

from typing import Any

KIND: dict[str, Any] = {
    "id": "kind",
    "kind": "choice",
    "label": "取り組みの種類",
    "required": True,
    "several": True,
    "most": 2,
    "other": True,
    "options": [{"id": "reuse", "label": "再使用"}, {"id": "recycle", "label": "再生利用"}],
}
AMOUNT: dict[str, Any] = {
    "id": "amount",
    "kind": "number",
    "label": "年間の量",
    "required": True,
    "unit": "t",
    "minimum": 0.5,
    "maximum": 100000,
    "decimals": 1,
    "when": {"question": "kind", "options": ["recycle", "other"]},
}
PARTNERS: dict[str, Any] = {
    "id": "partners",
    "kind": "table",
    "label": "協力先",
    "columns": [
        {"id": "name", "label": "名前", "kind": "text"},
        {"id": "share", "label": "割合", "kind": "number", "unit": "％"},
        {
            "id": "side",
            "label": "立場",
            "kind": "choice",
            "options": [{"id": "town", "label": "自治体"}, {"id": "firm", "label": "企業"}],
        },
    ],
    "most_rows": 4,
}
COSTS: dict[str, Any] = {
    "id": "costs",
    "kind": "table",
    "label": "費用",
    "columns": [{"id": "yen", "label": "金額", "kind": "number", "unit": "円"}],
    "row_labels": ["設備", "人件費"],
}
DAY: dict[str, Any] = {"id": "day", "kind": "date", "label": "始める日"}
PAPER: dict[str, Any] = {
    "id": "paper",
    "kind": "file",
    "label": "図面",
    "most_files": 2,
    "suffixes": ["txt", "pdf"],
}
AGREED: dict[str, Any] = {
    "id": "agreed",
    "kind": "consent",
    "label": "内容を確かめました",
    "required": True,
}
WORDS: dict[str, Any] = {
    "id": "words",
    "kind": "text",
    "label": "ひとこと",
    "multiline": True,
    "max_length": 20,
}
ALL = [KIND, AMOUNT, PARTNERS, COSTS, DAY, PAPER, AGREED, WORDS]
