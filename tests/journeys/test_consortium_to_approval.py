"""From a match to a consortium whose approval document goes round in the town hall."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.fixtures import AxeCheck, Visit
from tests.browser.service import Service
from tests.journeys.beginnings import Beginning, begun_with
from tests.journeys.consortium_steps import (
    accept,
    agree,
    found,
    invite,
    look_on_a_phone,
    show_lineage,
    take_document,
    write,
)
from tests.journeys.consortium_world import Pair, Way, matched

pytestmark = pytest.mark.browser
beginning, service = begun_with(matched)


def test_from_a_match_to_the_approval_document(
    beginning: Beginning[Pair], visit: Visit, service: Service, axe: AxeCheck, tmp_path: Path
) -> None:
    way = Way(beginning.made, service, visit, axe)
    lead = found(way)
    invite(way, lead)
    firm, hauler = accept(way)
    write(way, lead)
    agree(way, lead, firm, hauler)
    look_on_a_phone(way)
    take_document(way, lead, tmp_path)
    show_lineage(way, lead)
