"""Addresses: kebab-case, plural before an id, typed parameters."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(json|csv|xlsx|ics))?")
PARAMETER = re.compile(r"<(?:(?P<type>[^:>]+):)?(?P<name>[a-z_]+)>")
# The sign-in library names these addresses' parameters itself.
LIBRARY = "security."
PLURALS_WITHOUT_S = {"people", "consortia"}
LISTS_CALLED_OTHERWISE = {"introduction-board"}


@pytest.fixture(name="rules")
def own_rules(app: Flask) -> list[Rule]:
    """Rules of the product's own views."""
    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return [rule for rule in own if not rule.endpoint.startswith(LIBRARY)]


def segments(rule: Rule) -> list[str]:
    # Converters may hold commas and spaces, never slashes.
    return rule.rule.strip("/").split("/") if rule.rule != "/" else []


def test_addresses_are_kebab_case(rules: list[Rule]) -> None:
    wrong = [
        rule.rule
        for rule in rules
        for each in segments(rule)
        if not SEGMENT.fullmatch(each) and not PARAMETER.fullmatch(each)
    ]
    assert wrong == []


def test_every_parameter_has_a_type(rules: list[Rule]) -> None:
    wrong = [
        rule.rule for rule in rules for found in PARAMETER.finditer(rule.rule) if not found["type"]
    ]
    assert wrong == []


def test_ids_in_addresses_are_opaque(rules: list[Rule]) -> None:
    wrong = [
        rule.rule
        for rule in rules
        for found in PARAMETER.finditer(rule.rule)
        if found["name"].endswith("_id") and found["type"] != "uuid"
    ]
    assert wrong == []


def test_what_stands_before_an_id_is_plural(rules: list[Rule]) -> None:
    wrong = [
        rule.rule
        for rule in rules
        for before, each in zip(segments(rule), segments(rule)[1:], strict=False)
        if PARAMETER.fullmatch(each) and "_id>" in each and not PARAMETER.fullmatch(before)
        if not before.endswith("s") and before not in PLURALS_WITHOUT_S | LISTS_CALLED_OTHERWISE
    ]
    assert wrong == []


def test_an_address_does_not_end_with_a_slash(rules: list[Rule]) -> None:
    assert [rule.rule for rule in rules if rule.rule != "/" and rule.rule.endswith("/")] == []
