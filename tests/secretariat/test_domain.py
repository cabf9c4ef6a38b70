"""Codes and names of materials, reasons, and the filter of the audit log."""

from __future__ import annotations

import pkgutil
import uuid
from datetime import date
from importlib import import_module

import pytest

import matchmaker
from matchmaker.core.domain_events import DomainEvent
from matchmaker.core.errors import ProductError
from matchmaker.secretariat.domain import (
    audit_filter_from,
    checked_code,
    checked_name,
    checked_reason,
    material_id,
)
from matchmaker.secretariat.event_labels import TAG_LABELS


@pytest.mark.parametrize("code", ["", "1abc", "竹", "a", "a b", "a-b", "x" * 41, "_abc"])
def test_odd_codes_are_refused(code: str) -> None:
    with pytest.raises(ProductError) as refused:
        checked_code(code)
    assert refused.value.field == "code"


def test_full_width_codes_are_narrowed() -> None:
    assert checked_code(" ＳＯＡＰ_2 ") == "soap_2"


@pytest.mark.parametrize("text", ["", "　", "竹" * 61])
def test_odd_names_are_refused(text: str) -> None:
    with pytest.raises(ProductError):
        checked_name(text)


@pytest.mark.parametrize("text", ["", " \n", "理" * 1001])
def test_reasons_are_needed_and_bounded(text: str) -> None:
    with pytest.raises(ProductError):
        checked_reason(text)


def test_the_id_of_a_material_follows_from_its_code() -> None:
    assert material_id("bamboo") == material_id("bamboo") != material_id("paper")


def test_the_filter_reads_days_in_any_form_and_tells_what_it_cannot_read() -> None:
    subject = uuid.uuid4()
    wanted = audit_filter_from(
        {"from": "令和8年4月1日", "to-year": "2026", "to-month": "4", "to-day": "30",
         "subject": str(subject), "person": "　佐伯 "}
    )  # fmt: skip
    assert (wanted.begins_on, wanted.ends_on) == (date(2026, 4, 1), date(2026, 4, 30))
    assert (wanted.subject, wanted.person, wanted.problems) == (subject, "佐伯", ())
    faulty = audit_filter_from({"from": "きのう", "subject": "12"})
    assert faulty.is_empty
    assert len(faulty.problems) == 2


def all_tags() -> set[str]:
    for module in pkgutil.walk_packages(matchmaker.__path__, "matchmaker."):
        if module.name.endswith(".events"):
            import_module(module.name)
    found: set[str] = set()
    waiting = [DomainEvent]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found |= {kind.tag} if kind.tag else set()
    return found


def test_every_tag_of_the_log_has_japanese_words() -> None:
    assert all_tags() - set(TAG_LABELS) == set()
