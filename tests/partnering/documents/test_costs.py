"""The costs of an approval document begin with the budget of the pilot."""

from __future__ import annotations

from flask import Flask

from matchmaker.core.actor import VISITOR
from matchmaker.core.clock import today
from matchmaker.partnering.consortia.documents.drafting import costs_text, values_of
from matchmaker.partnering.consortia.extensions import PlannedCost, planned_costs
from tests.partnering.pilots.site import START, pilot_site


def test_costs_are_told_line_by_line_with_their_sum() -> None:
    costs = [PlannedCost("置き場の箱", "青空町", 420_000), PlannedCost("運搬", "緑山工業", 0)]
    assert costs_text(costs) == (
        "置き場の箱　420,000円（負担：青空町）\n運搬　0円（負担：緑山工業）\n合計　420,000円"
    )
    assert costs_text([]) == ""


def test_the_budget_of_the_pilot_stands_in_the_form_for_those_who_see_it(app: Flask) -> None:
    with pilot_site(app) as site:
        pilot = site.pilot
        consortium = site.consortium
        text = values_of(consortium, site.editor, today(START))["costs"]
        for line in pilot.budget_lines:
            assert f"{line.label}　{line.planned_yen:,}円（負担：{line.payer}）" in text
        total = sum(line.planned_yen for line in pilot.budget_lines)
        assert text.endswith(f"合計　{total:,}円")
        assert planned_costs(consortium, VISITOR) == []
