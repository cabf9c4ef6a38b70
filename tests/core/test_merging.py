"""Merging: the laws of it, and twenty people who write one proposal at once."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.merging import merge_sets, merge_text, merge_values
from matchmaker.working_groups.proposals import queries, service
from matchmaker.working_groups.proposals.domain import ProposalText
from matchmaker.working_groups.proposals.models import Proposal
from tests.working_groups.proposals.conftest import world
from tests.working_groups.proposals.world import World

__all__ = ["world"]

SENTENCE = re.compile(r"[^。]+。")
QUESTIONS = ("plan", "effect")
EDITORS = 20
WORDS = ("竹。", "炭。", "畑。\n", "水。", "土", "\n")
texts = st.lists(st.sampled_from(WORDS), max_size=8).map("".join)
records = st.dictionaries(st.sampled_from(("a", "b", "c")), texts, max_size=3)


@given(texts, texts)
def test_who_changed_nothing_takes_the_others_text(base: str, other: str) -> None:
    for merged in (merge_text(base, base, other), merge_text(base, other, base)):
        assert merged.is_clean
        assert merged.text == other


@given(texts, texts)
def test_the_same_change_is_no_contradiction(base: str, changed: str) -> None:
    merged = merge_text(base, changed, changed)
    assert merged.is_clean
    assert merged.text == changed


@given(texts, texts, texts)
def test_it_does_not_matter_who_comes_first(base: str, mine: str, theirs: str) -> None:
    one, other = merge_text(base, mine, theirs), merge_text(base, theirs, mine)
    assert one.is_clean == other.is_clean
    if one.is_clean:
        assert one.text == other.text


@given(texts, texts, texts)
def test_no_new_piece_of_either_side_is_lost(base: str, mine: str, theirs: str) -> None:
    merged = merge_text(base, mine, theirs).text
    for word in ("竹。", "炭。", "水。"):
        if word not in base and (word in mine or word in theirs):
            assert word in merged


def test_edits_far_from_each_other_both_survive() -> None:
    base = "竹を切ります。炭にします。畑に使います。"
    mine = "竹を春に切ります。炭にします。畑に使います。"
    theirs = "竹を切ります。炭にします。畑と庭に使います。"
    merged = merge_text(base, mine, theirs)
    assert merged.is_clean
    assert merged.text == "竹を春に切ります。炭にします。畑と庭に使います。"


def test_a_contradiction_keeps_both_words() -> None:
    merged = merge_text("竹。", "炭。", "薪。")
    assert not merged.is_clean
    assert "炭。" in merged.text
    assert "薪。" in merged.text


@given(records, records)
def test_values_of_one_side_alone_are_taken(base: dict[str, Any], other: dict[str, Any]) -> None:
    kept = {key: value for key, value in other.items() if value}
    for merged in (merge_values(base, base, other), merge_values(base, other, base)):
        assert merged.is_clean
        assert {key: value for key, value in merged.values.items() if value} == kept


@given(records, records, records)
def test_values_contradict_for_both_or_for_none(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one, other = merge_values(base, mine, theirs), merge_values(base, theirs, mine)
    assert one.conflicts.keys() == other.conflicts.keys()
    for key, conflict in one.conflicts.items():
        assert (conflict.mine, conflict.theirs) == (mine.get(key), theirs.get(key))
        assert one.values.get(key) == theirs.get(key)


numbers = st.lists(st.integers(0, 6), unique=True)


@given(numbers, numbers, numbers)
def test_sets_keep_what_was_added_and_lose_what_was_taken_away(
    base: list[int], mine: list[int], theirs: list[int]
) -> None:
    merged = set(merge_sets(base, mine, theirs))
    added = (set(mine) | set(theirs)) - set(base)
    removed = set(base) - (set(mine) & set(theirs))
    assert merged == (set(base) - removed) | added


step = st.fixed_dictionaries(
    {
        "behind": st.integers(0, 6),
        "question": st.sampled_from(QUESTIONS),
        "place": st.integers(0, 12),
        "change": st.sampled_from(("add", "add", "replace", "remove", "empty")),
        "also": st.booleans(),
    }
)


@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(step, min_size=EDITORS, max_size=EDITORS * 2))
def test_twenty_people_at_once_lose_no_sentence(world: World, steps: list[dict[str, Any]]) -> None:
    """Whatever anybody saved is there, or its writer is told, or somebody who read it took it out.

    Each save is held against the stored text before it, so the rule holds for any row of saves.
    """
    proposal = world.begin()
    people = [Actor(world.users["officer"], f"人{number}") for number in range(EDITORS)]
    for number, wish in enumerate(steps):
        _save_and_check(proposal, people[number % EDITORS], wish, number)
    db.session.rollback()


def _save_and_check(proposal: Proposal, actor: Actor, wish: dict[str, Any], number: int) -> None:
    base_number = max(1, proposal.revision - wish["behind"])
    base = queries.revision_of(proposal.id, base_number)
    mine = {key: base.answers.get(key, "") for key in QUESTIONS}
    mine[wish["question"]] = _changed(mine[wish["question"]], wish, number)
    if wish["also"]:
        mine = {key: f"{text}人{number}も書きました。" for key, text in mine.items()}
    before = {key: proposal.answers.get(key, "") for key in QUESTIONS}
    text = ProposalText(proposal.title, {key: value for key, value in mine.items() if value})
    outcome = service.save(proposal, text, base_number, actor, clock.now())
    after = {key: proposal.answers.get(key, "") for key in QUESTIONS}
    if not outcome.is_clean:
        assert after == before
        assert all((each.mine or "") == mine[key] for key, each in outcome.conflicts.items())
        return
    for key in QUESTIONS:
        had, read, wrote = _sentences(before[key]), _sentences(base.answers.get(key, "")), mine[key]
        taken_out = read - _sentences(wrote)
        assert _sentences(wrote) - read <= _sentences(after[key])
        assert had - taken_out <= _sentences(after[key])


def _changed(text: str, wish: dict[str, Any], number: int) -> str:
    sentences = SENTENCE.findall(text)
    place = wish["place"] % (len(sentences) + 1)
    match wish["change"]:
        case "add":
            sentences.insert(place, f"文{number}を足しました。")
        case "replace" if sentences:
            sentences[place % len(sentences)] = f"文{number}に直しました。"
        case "remove" if sentences:
            del sentences[place % len(sentences)]
        case "empty":
            sentences = []
    return "".join(sentences)


def _sentences(text: str) -> set[str]:
    return set(SENTENCE.findall(text))
