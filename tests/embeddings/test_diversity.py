"""Near-duplicates fold, the first places show several owners, and never at more than the loss."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from embeddings.diversity import Candidate, arranged, folded, spread
from embeddings.highlighting import meeting_spans
from embeddings.reading.thesaurus import Concept, ConceptKind, Thesaurus

LOSS = 0.05
WORDS = frozenset(("竹", "炭", "畑", "粉砕"))


def ids(candidates: list[Candidate]) -> list[str]:
    return [place.candidate.id for place in arranged(candidates, LOSS)]


def test_near_duplicates_of_one_owner_fold_under_the_best() -> None:
    twins = [Candidate("a", "x", 0.5, words=WORDS), Candidate("b", "x", 0.6, words=WORDS)]
    others = [
        Candidate("c", "y", 0.4, words=WORDS),
        Candidate("d", "x", 0.3, words=frozenset("紙")),
    ]
    places = folded([*twins, *others])
    assert [p.candidate.id for p in places] == ["b", "c", "d"]
    assert [each.id for each in places[0].alike] == ["a"]


def test_a_further_post_of_an_owner_gives_way_to_one_nearly_as_good_only() -> None:
    first, second = Candidate("a", "x", 0.60), Candidate("b", "x", 0.58)
    assert ids([first, second, Candidate("c", "y", 0.55)]) == ["a", "c", "b"]
    assert ids([first, second, Candidate("c", "y", 0.40)]) == ["a", "b", "c"]


def test_what_breaks_a_condition_stays_behind_what_fits() -> None:
    broken = Candidate("a", "x", 0.9, tier=1)
    assert ids([broken, Candidate("b", "y", 0.1), Candidate("c", "y", 0.1)]) == ["b", "c", "a"]


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.floats(0, 1), st.integers(0, 2)), max_size=15))
def test_no_place_goes_before_one_better_by_more_than_the_loss(
    drawn: list[tuple[str, float, int]],
) -> None:
    candidates = [
        Candidate(str(n), owner, value, tier, frozenset({str(n)}))
        for n, (owner, value, tier) in enumerate(drawn)
    ]
    order = [place.candidate for place in spread(folded(candidates), LOSS)]
    assert sorted(c.id for c in order) == sorted(c.id for c in candidates)
    for number, earlier in enumerate(order):
        for later in order[number + 1 :]:
            assert earlier.tier <= later.tier
            if earlier.tier == later.tier:
                assert later.value - earlier.value <= LOSS + 1e-9


def test_words_that_meet_are_marked_in_the_literal_text() -> None:
    first, second = "山の竹とﾀｹを使いたい。", "竹を炭にします。タケも扱います。"
    own, other = meeting_spans(first, second)
    assert own
    assert other
    assert {second[start:end] for start, end in other} >= {"竹"}
    assert all(0 <= start < end <= len(first) for start, end in own)


def test_two_names_of_one_thing_are_marked_with_the_vocabulary() -> None:
    concept = Concept(
        code="oil", kind=ConceptKind.MATERIAL, label="廃食用油",
        town_terms=("捨てる油",), company_terms=("使用済み食用油",),
    )  # fmt: skip
    first, second = "家庭で捨てる油が困る。", "使用済み食用油を集めます。"
    own, other = meeting_spans(first, second, Thesaurus([concept]))
    assert [first[start:end] for start, end in own] == ["捨てる油"]
    assert [second[start:end] for start, end in other] == ["使用済み食用油"]
    assert meeting_spans("", "") == ((), ())
