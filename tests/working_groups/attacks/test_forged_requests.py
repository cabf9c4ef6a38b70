"""Requests that people did not mean: without a token, with fields nobody offered, foreign ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.architecture.access_parts import ROWS
from tests.architecture.world import World
from tests.attacks.forging import REFUSED, changed_by_columns, check_tokens, commands, ids_taken
from tests.attacks.found_forms import FoundForm

WISHED = ("released", "published", "adopted", "submitted", "chair", "public")
STRANGERS = ("stranger_id", "operator_id", "closed_group_id", "draft_call_id",
             "reviewed_proposal_id", "waiting_document_id", "survey_file_id", "attachment_id",
             "published_need_id", "review_id")  # fmt: skip
TABLES = ("call", "proposal", "review", "decision", "meeting", "minutes", "group", "survey",
          "working", "criteri", "agenda", "task", "coordination")  # fmt: skip


@pytest.fixture
def guarded(attacked: World) -> Iterator[World]:
    """The world with tokens asked for, as it is in service."""
    attacked.app.config["WTF_CSRF_ENABLED"] = True
    yield attacked
    attacked.app.config["WTF_CSRF_ENABLED"] = False
    attacked.restore()


def test_no_command_works_without_its_token(guarded: World) -> None:
    check_tokens(guarded, ROWS)


def test_ids_that_were_not_offered_are_not_stored(attacked: World, forms: list[FoundForm]) -> None:
    foreign = {name: str(attacked.ids[name]) for name in STRANGERS}
    assert ids_taken(attacked, forms, foreign) == []


def test_fields_that_no_form_has_change_nothing(attacked: World, forms: list[FoundForm]) -> None:
    assert changed_by_columns(attacked, forms, TABLES, WISHED) == []


def test_strangers_ids_in_addresses_lead_nowhere(attacked: World) -> None:
    """Below somebody's own group, call or meeting no thing of another one answers."""
    other = {"group_id": attacked.ids["group_id"], "call_id": attacked.ids["draft_call_id"]}
    for row, role in commands(ROWS):
        rules = list(attacked.app.url_map.iter_rules(row.endpoint))
        arguments = set().union(*(rule.arguments for rule in rules))
        outer = [name for name in other if name in arguments]
        inner = {name for name in arguments if name.endswith("_id")} - set(other)
        if not outer or not inner:
            continue
        own = attacked.ids.get(row.values.get(outer[0], outer[0]))
        if own == other[outer[0]] or not isinstance(other[outer[0]], uuid.UUID):
            continue
        values = {**row.values, outer[0]: "foreign"}
        attacked.ids["foreign"] = other[outer[0]]
        with attacked.client(role) as client:
            answer = client.post(attacked.address(row.endpoint, values), data=dict(row.data))
        assert answer.status_code in REFUSED | {302} - {302}, (row.label, answer.status_code)
