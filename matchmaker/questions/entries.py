"""Between a question and what its entry in the editor holds: plain texts, as they are typed."""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from matchmaker.core.fields import Choice
from matchmaker.core.text import clean_line
from matchmaker.questions.checking import plain
from matchmaker.questions.kinds import (
    MOST_COLUMNS,
    OTHER,
    OTHER_LABEL,
    SUFFIX_GROUPS,
    ColumnKind,
    Question,
    QuestionKind,
    TableColumn,
)

Entry = dict[str, Any]
BLANK_COLUMNS = 2
BETWEEN = re.compile(r"[、,，]")


def new_id(letter: str) -> str:
    """A short id that no earlier, removed question had."""
    return f"{letter}{uuid.uuid4().hex[:8]}"


def new_entry(kind: QuestionKind) -> Entry:
    """An empty entry; the options and columns are still to be typed."""
    return entry_values(Question(new_id("q"), kind, ""))


def entry_values(question: Question) -> Entry:
    """A question as the editor shows it."""
    condition = question.condition
    return {
        "id": question.id,
        "kind": question.kind.value,
        "label": question.label,
        "help": question.help,
        "required": question.required,
        "when": [f"{condition.question_id}:{o}" for o in condition.option_ids] if condition else [],
        "multiline": question.multiline,
        "max_length": str(question.max_length),
        **_option_values(question.options, "\n"),
        "several": question.several,
        "other": question.other,
        "most": str(question.most or ""),
        "unit": question.unit,
        "minimum": "" if question.minimum is None else plain(question.minimum),
        "maximum": "" if question.maximum is None else plain(question.maximum),
        "decimals": str(question.decimals),
        "most_files": str(question.most_files),
        "suffixes": [k for k, (_l, ends) in SUFFIX_GROUPS.items() if ends[0] in question.suffixes],
        "columns": [_column_values(column) for column in question.columns],
        "most_rows": str(question.most_rows),
        "row_labels": "\n".join(question.row_labels),
    }


def _option_values(options: Sequence[Choice], between: str) -> Entry:
    known = [{"id": option.code, "label": option.label} for option in options]
    text = between.join(option.label for option in options)
    return {"options": text, "option_ids": json.dumps(known, ensure_ascii=False)}


def _column_values(column: TableColumn) -> Entry:
    return {
        "id": column.id,
        "label": column.label,
        "kind": column.kind.value,
        "unit": column.unit,
        **_option_values(column.options, "、"),
    }


def with_known_options(values: Mapping[str, Any], data: Mapping[str, Any]) -> Entry:
    """The entry with the ids that its options now have, for the next time it is sent."""
    columns = [
        {**column, "id": found["id"], "option_ids": _dump(found.get("options", ()))}
        for column, found in zip(_filled_columns(values), data.get("columns", ()), strict=False)
    ]
    blank = max(0, min(BLANK_COLUMNS, MOST_COLUMNS - len(columns)))
    return {
        **values,
        "id": data["id"],
        "option_ids": _dump(data.get("options", ())),
        "columns": columns + [{} for _ in range(blank)],
    }


def _dump(options: Sequence[Mapping[str, str]]) -> str:
    return json.dumps(list(options), ensure_ascii=False)


def _filled_columns(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [c for c in values.get("columns") or () if clean_line(c.get("label") or "")]


def entry_data(values: Mapping[str, Any]) -> Entry:
    """What was typed as JSON for ``Questionnaire.from_data``, which checks it."""
    kind = str(values.get("kind") or "")
    data: Entry = {
        "id": values.get("id") or new_id("q"),
        "kind": kind,
        "label": values.get("label") or "",
        "help": values.get("help") or "",
        "required": bool(values.get("required")),
    }
    if when := values.get("when"):
        data["when"] = _when(when)
    return {**data, **DETAILS.get(kind, _nothing)(values)}


def _when(chosen: Sequence[str]) -> Entry:
    """Conditions name one question; options of a second one make it an unknown one."""
    pairs = [word.partition(":") for word in chosen]
    asked = list(dict.fromkeys(question_id for question_id, _, _ in pairs))
    return {
        "question": asked[0] if len(asked) == 1 else "",
        "options": [option for _, _, option in pairs],
    }


def _text(values: Mapping[str, Any]) -> Entry:
    return {"multiline": bool(values.get("multiline")), **_numbers(values, "max_length")}


def _choice(values: Mapping[str, Any]) -> Entry:
    lines = str(values.get("options") or "").splitlines()
    return {
        "options": settled_options(lines, values.get("option_ids")),
        "several": bool(values.get("several")),
        "other": bool(values.get("other")),
        **_numbers(values, "most"),
    }


def _number(values: Mapping[str, Any]) -> Entry:
    return {
        "unit": values.get("unit") or "",
        **_numbers(values, "minimum", "maximum", "decimals"),
    }


def _file(values: Mapping[str, Any]) -> Entry:
    chosen = values.get("suffixes") or ()
    suffixes = [end for key in chosen for end in SUFFIX_GROUPS.get(key, ("", (key,)))[1]]
    return {"suffixes": suffixes, **_numbers(values, "most_files")}


def _table(values: Mapping[str, Any]) -> Entry:
    lines = str(values.get("row_labels") or "").splitlines()
    return {
        "columns": [_column(column) for column in _filled_columns(values)],
        "row_labels": [line.strip() for line in lines if line.strip()],
        **_numbers(values, "most_rows"),
    }


def _column(values: Mapping[str, Any]) -> Entry:
    words = BETWEEN.split(str(values.get("options") or ""))
    data: Entry = {
        "id": values.get("id") or new_id("c"),
        "label": values.get("label") or "",
        "kind": values.get("kind") or ColumnKind.TEXT.value,
        "unit": values.get("unit") or "",
    }
    if data["kind"] == ColumnKind.CHOICE.value:
        data["options"] = settled_options(words, values.get("option_ids"))
    return data


def _nothing(_values: Mapping[str, Any]) -> Entry:
    return {}


DETAILS = {
    QuestionKind.TEXT.value: _text,
    QuestionKind.CHOICE.value: _choice,
    QuestionKind.NUMBER.value: _number,
    QuestionKind.FILE.value: _file,
    QuestionKind.TABLE.value: _table,
}


def _numbers(values: Mapping[str, Any], *names: str) -> Entry:
    """Numbers where they can be read, else the text itself, which the check then refuses."""
    typed = {name: str(values.get(name) or "").strip() for name in names}
    return {name: _number_or_text(text) for name, text in typed.items() if text}


def _number_or_text(text: str) -> int | float | str:
    plain_text = unicodedata.normalize("NFKC", text).replace(",", "")
    try:
        number = float(plain_text)
        return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        return text


def settled_options(lines: Sequence[str], stored: Any) -> list[dict[str, str]]:
    """Options with their ids: a known label keeps its id, so does one that was reworded in place.

    Args:
        lines: labels as typed.
        stored: JSON of the options before, as ``option_ids`` carries it.
    """
    labels = [label for label in map(clean_line, lines) if label]
    before = _stored_options(stored)
    ids = {label: option_id for option_id, label in before}
    settled = []
    for place, label in enumerate(labels):
        at_place = before[place] if place < len(before) else ("", "")
        reworded = at_place[0] if at_place[1] not in labels else ""
        settled.append({"id": ids.get(label) or reworded or new_id("o"), "label": label})
    return settled


def _stored_options(stored: Any) -> list[tuple[str, str]]:
    try:
        found = json.loads(stored) if isinstance(stored, str) and stored else []
    except (ValueError, RecursionError):  # the second for brackets in brackets in brackets
        return []
    if not isinstance(found, list):
        return []
    pairs = [(o.get("id"), o.get("label")) for o in found if isinstance(o, dict)]
    return [(i, label) for i, label in pairs if isinstance(i, str) and isinstance(label, str)]


def offered_conditions(earlier: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What a condition may name: each option of each earlier choice, with the question's number."""
    offered: list[tuple[str, str]] = []
    for number, data in enumerate(earlier, start=1):
        if data["kind"] != QuestionKind.CHOICE.value:
            continue
        pairs = [(option["id"], option["label"]) for option in data["options"]]
        if data["other"]:
            pairs.append((OTHER, OTHER_LABEL))
        offered += [(f"{data['id']}:{o}", f"質問{number}で「{label}」") for o, label in pairs]
    return offered
