"""The secretariat's screen of rates behind estimates, and the set that is shipped."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.partnering.coalitions import queries, rates
from matchmaker.secretariat.service import add_material
from matchmaker.seeding.coalition_rates import FILE, load_coalition_rates
from matchmaker.seeding.files import read_entries
from matchmaker.seeding.progress import Seeder
from tests.partnering.coalitions.reading import Reading
from tests.partnering.coalitions.world import World

PATH = "/coalition-rates"
BOUNDS = "0.001から2,000まで"
SOURCE = "○○省「△△調査」令和5年度"


def test_only_the_secretariat_keeps_rates(world: World) -> None:
    for who in ("east", "maker", "stranger"):
        client = world.browser(who)
        assert client.get(PATH).status_code == 403
        assert client.post(PATH, data={"material": "bamboo", "kg": "1"}).status_code == 403
    assert "/sign-in" in world.visitor().get(PATH).location


def test_a_rate_is_changed_and_taken_away(world: World) -> None:
    client = world.browser("secretariat")
    page = Reading(client.get(f"{PATH}?material=bamboo"))
    assert page.fields(PATH) == {"material", "kg", "source"}
    assert [page.value(each) for each in ("material", "kg", "source")] == [
        "bamboo", "5", "竹の調査（令和5年度）",
    ]  # fmt: skip
    sent = {"material": "bamboo", "kg": " １，２５０．５ｋｇ ", "source": SOURCE}
    assert client.post(PATH, data=sent).status_code == 302
    assert Reading(client.get(PATH)).rows("決めてある品目")[0][:3] == [
        "竹", "1250.5 kg/年", SOURCE,
    ]  # fmt: skip
    taken = client.post(PATH, data={"material": "bamboo", "kg": "", "source": ""})
    assert taken.status_code == 302
    page = Reading(client.get(PATH))
    assert "まだ決めていません" in page.words
    assert queries.rate_of("bamboo") is None


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"kg": "-1"}, "kg", BOUNDS),
        ({"kg": "0"}, "kg", BOUNDS),
        ({"kg": "0.0001"}, "kg", BOUNDS),
        ({"kg": "9999"}, "kg", BOUNDS),
        ({"kg": "1.2345"}, "kg", "小数は3けたまで"),
        ({"kg": "5トン"}, "kg", "数字で入れてください"),
        ({"kg": "NaN"}, "kg", "数字で入れてください"),
        ({"source": " "}, "source", "出典を入れて"),
        ({"source": "長" * 301}, "source", "300"),
        ({"material": "gold"}, "material", "品目を選んで"),
        ({"material": ""}, "material", "品目を選んで"),
    ],
)
def test_bad_rates_are_told_at_their_field_and_kept(
    world: World, changes: dict[str, str], field: str, message: str
) -> None:
    sent = {"material": "bamboo", "kg": "7.5", "source": SOURCE, **changes}
    answer = world.browser("secretariat").post(PATH, data=sent)
    page = Reading(answer)
    assert answer.status_code == 422
    assert message in page.error_at(field)
    for name in ("kg", "source"):
        assert page.value(name).strip() == sent[name].strip()
    kept = queries.rate_of("bamboo")
    assert kept is not None and kept.kg_per_head_year == 5


def test_there_is_nothing_to_take_away(world: World) -> None:
    rates.keep_rate("bamboo", None, "", SYSTEM, world.now)
    db.session.commit()
    sent = {"material": "bamboo", "kg": "", "source": SOURCE}
    answer = world.browser("secretariat").post(PATH, data=sent)
    assert answer.status_code == 422
    assert "1人あたりの量を入れてください。" in Reading(answer).error_at("kg")


def test_the_shipped_rate_has_its_source_and_its_sum(world: World) -> None:
    add_material("diaper", "紙おむつ", SYSTEM, world.now)
    assert load_coalition_rates(Seeder(world.now)) == 1
    rate = queries.rate_of("diaper")
    assert rate is not None
    middle = (Decimal(1_910_000) + Decimal(2_100_000)) / 2 * 1_000 / Decimal(127_110_000)
    assert rate.kg_per_head_year == round(middle, 1)
    assert "環境省" in rate.source
    for entry in read_entries(FILE):
        assert all(figure["url"].startswith("https://") for figure in entry["figures"])
        assert entry["year"] and entry["computed"]
