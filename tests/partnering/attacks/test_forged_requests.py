"""Requests that nobody offered: without a token, other people's ids, columns as fields."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.architecture.access_rules import (
    EDITOR,
    OPERATOR,
    READER,
    REPRESENTATIVE,
    REVIEWER,
    SECRETARIAT,
    STRANGER,
    VISITOR,
    Row,
)
from tests.attacks.forging import changed_by_columns, check_tokens, ids_taken, led_elsewhere
from tests.attacks.found_forms import FoundForm, stored
from tests.partnering.attacks.attacked_world import ROWS, PartneringWorld
from tests.partnering.attacks.other_parties import SECRET

OUTSIDERS = (VISITOR, READER, EDITOR, REPRESENTATIVE, STRANGER, REVIEWER, OPERATOR)
TABLES = ("introduction", "match", "agreed", "appointment", "proposed", "post_question",
          "coalition", "consort", "pilot", "returned", "approval", "support", "lineage",
          "blank", "programme")  # fmt: skip
WISHED = ("accepted", "published", "in", "agreed", "running", "talking")
OUTER = ("match_id", "consortium_id", "coalition_id", "pilot_id")
OUTSIDE_POSTS = "post_id"


@pytest.fixture
def guarded(attacked: PartneringWorld) -> Iterator[PartneringWorld]:
    """The world with tokens asked for, as it is in service."""
    attacked.app.config["WTF_CSRF_ENABLED"] = True
    yield attacked
    attacked.app.config["WTF_CSRF_ENABLED"] = False
    attacked.restore()


def arguments(world: PartneringWorld, row: Row) -> set[str]:
    """Names in the address of a row for which other people have a thing as well."""
    rules = world.app.url_map.iter_rules(row.endpoint)
    names = {name for rule in rules for name in rule.arguments}
    return names & set(world.others) - {OUTSIDE_POSTS}


def address(world: PartneringWorld, row: Row, foreign: set[str]) -> str:
    """The address of a row with other people's ids in some places."""
    return world.address(row.endpoint, {**row.values, **{n: world.others[n] for n in foreign}})


def asked(world: PartneringWorld, row: Row, path: str, role: str) -> tuple[int, str]:
    """Status of a request, and what came back."""
    with world.client(role) as client:
        ask = client.get if row.method == "GET" else client.post
        answer = ask(path, data=dict(row.data))
    text = answer.get_data().decode(errors="replace")
    is_sent_away = "/sign-in" in answer.headers.get("Location", "")
    return 401 if is_sent_away else answer.status_code, text


def test_no_command_works_without_its_token(guarded: PartneringWorld) -> None:
    check_tokens(guarded, ROWS)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_what_belongs_to_others_does_not_exist(attacked: PartneringWorld, role: str) -> None:
    """Every address of these parts with the ids of two other organisations."""
    before, tried, wrong = stored(attacked), 0, []
    for row in ROWS:
        foreign = arguments(attacked, row)
        if not foreign:
            continue
        values = {"post_id": _other_need(attacked)} if "question_id" in foreign else {}
        path = attacked.address(row.endpoint, {**row.values, **attacked.others, **values})
        status, text = asked(attacked, row, path, role)
        tried += 1
        if status not in {401, 404} and (row.endpoint, status) not in REFUSED_IN_WORDS:
            wrong.append((row.label, status))
        assert SECRET not in text, row.label
    assert tried > 60
    assert wrong == []
    assert stored(attacked) == before


REFUSED_IN_WORDS = {
    ("coalitions.letter", 403),
    ("coalitions.send_letter", 403),
    ("introduction_board.show", 403),
    ("introduction_board.move", 403),
    ("introduction_board.correct", 403),
}
"""Pages of the secretariat alone: they say so whatever is named."""


def _other_need(world: PartneringWorld) -> str:
    return str(world.others[OUTSIDE_POSTS])


@pytest.mark.parametrize("role", [EDITOR, SECRETARIAT])
def test_inner_things_of_others_do_not_hang_on_ones_own(
    attacked: PartneringWorld, role: str
) -> None:
    """A file of another match, a partner of another consortium: either half is foreign."""
    before, tried, wrong = stored(attacked), 0, []
    for row in ROWS:
        names = arguments(attacked, row)
        outer = names & set(OUTER)
        for foreign in (outer, names - outer) if outer and names - outer else ():
            status, text = asked(attacked, row, address(attacked, row, foreign), role)
            tried += 1
            if status not in {403, 404}:
                wrong.append((row.label, sorted(foreign), status))
            if role != SECRETARIAT:
                assert SECRET not in text, row.label
    assert tried > 40
    assert wrong == []
    assert stored(attacked) == before


def test_a_strangers_lineage_is_not_told(attacked: PartneringWorld) -> None:
    kinds = ("introduction", "match", "coalition", "consortium", "pilot")
    for kind in kinds:
        path = f"/lineage/{kind}/{attacked.others[f'{kind}_id']}"
        for role in OUTSIDERS:
            with attacked.client(role) as client:
                answer = client.get(path)
            assert answer.status_code in {302, 404}, (kind, role)
            assert SECRET not in answer.text


def test_lists_searches_and_figures_tell_nothing_of_others(attacked: PartneringWorld) -> None:
    pages = {
        attacked.address(row.endpoint, row.values)
        for row in ROWS
        if row.method == "GET" and not arguments(attacked, row)
    }
    hidden = {str(each) for name, each in attacked.others.items() if name != OUTSIDE_POSTS}
    for path in sorted({*pages, "/", "/dashboard", "/search?q=よそ"}):
        for role in OUTSIDERS:
            with attacked.client(role) as client:
                text = client.get(path).get_data().decode(errors="replace")
            assert SECRET not in text, (path, role)
            assert not [each for each in hidden if each in text], (path, role)


def test_ids_that_were_not_offered_are_not_stored(
    attacked: PartneringWorld, forms: list[FoundForm]
) -> None:
    names = set(attacked.others) - {OUTSIDE_POSTS}
    foreign = {name: str(attacked.others[name]) for name in names}
    foreign |= {name: str(attacked.ids[name]) for name in ("draft_need_id", "operator_id")}
    assert ids_taken(attacked, forms, foreign) == []


def test_columns_sent_as_fields_change_nothing(
    attacked: PartneringWorld, forms: list[FoundForm]
) -> None:
    assert changed_by_columns(attacked, forms, TABLES, WISHED) == []


def test_the_way_back_never_leads_to_another_site(
    attacked: PartneringWorld, forms: list[FoundForm]
) -> None:
    assert led_elsewhere(attacked, forms) == []


def test_ids_that_nobody_has_are_not_found(attacked: PartneringWorld) -> None:
    """Ids of nothing, the empty id, and words where an id belongs."""
    wrong = []
    for row in ROWS:
        names = arguments(attacked, row)
        for id_ in (uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)) if names else ():
            path = attacked.address(row.endpoint, {**row.values, **dict.fromkeys(names, id_)})
            status, _text = asked(attacked, row, path, SECRETARIAT)
            if status not in {403, 404}:
                wrong.append((row.label, status))
            status, _text = asked(attacked, row, path.replace(str(id_), "%00..%2f"), SECRETARIAT)
            if status not in {404, 405}:
                wrong.append((row.label, status))
    assert wrong == []
