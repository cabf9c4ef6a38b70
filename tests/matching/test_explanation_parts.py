"""What is told adds up to the score, gives nothing hidden away, and says when nothing is known."""

from __future__ import annotations

import uuid

import pytest

from embeddings.prospects import Band, Prospect, Silence
from embeddings.ranking import Ranked, Reasons
from embeddings.sentence_pairs import SentencePair
from embeddings.structure import Constraint, Finding, Origin, Value, Verdict
from embeddings.text import Passage
from matchmaker.core.actor import VISITOR, Actor, GlobalRole
from matchmaker.matching.domain import Explanation, Quote, Strength
from matchmaker.matching.explanation import Explainer
from matchmaker.matching.outlook import outlook_of, record_words, wilson_interval
from matchmaker.matching.topics import OTHER, by_topic
from matchmaker.matching.wording import FindingWords, question_of
from matchmaker.posts.domain import PostKind

STAFF = Actor(user_id=uuid.uuid4(), global_roles=frozenset({GlobalRole.SECRETARIAT}))
MEMBER = Actor(user_id=uuid.uuid4(), global_roles=frozenset({GlobalRole.REVIEWER}))
AREA = Finding(Constraint.SERVICE_AREA, Verdict.FULFILLED, "高知県", ("高知県",))
LOT = Finding(Constraint.MINIMUM_LOT, Verdict.VIOLATED, 120.0, 300.0)
PARTS = {
    "base": -1.5, "meaning": 0.9, "words": -0.2, "materials": 1.1, "service_area": 0.3,
    "minimum_lot": -2.4, "something_new": 0.4,
}  # fmt: skip


class Post:
    """A post as far as explanations need it."""

    def __init__(self, **texts: str) -> None:
        self.title, self.organization_id = texts.pop("title", ""), uuid.uuid4()
        self.__dict__.update(texts)

    def __getattr__(self, name: str) -> str | None:
        return None


def ranked(parts: dict[str, float] | None = None, *findings: Finding, **further: object) -> Ranked:
    parts = parts or PARTS
    values = {
        "shared_materials": ("竹",), "shared_methods": (), "shared_stages": (),
        "distance_km": None, "findings": findings, "pair": None, **further,
    }  # fmt: skip
    return Ranked("x", sum(parts.values()), parts, Reasons(**values))  # type: ignore[arg-type]


def explained(place: Ranked, actor: Actor = STAFF) -> Explanation:
    need, offering = (
        Post(title="竹", problem="竹が余る。"),
        Post(title="炭", description="竹を炭に。"),
    )
    return Explainer(PostKind.NEED, actor).explain(need, offering, place)


def test_parts_and_reasons_both_add_up_to_the_score() -> None:
    place = ranked(PARTS, AREA, LOT)
    why = explained(place)
    assert why.total == pytest.approx(place.score)
    told = sum(reason.value for reason in (*why.good, *why.bad))
    assert told + PARTS["base"] == pytest.approx(place.score)
    assert sum(reason.share for reason in (*why.good, *why.bad)) == pytest.approx(100, abs=3)


def test_a_part_without_words_is_told_as_other() -> None:
    why = explained(ranked(PARTS, AREA, LOT))
    (other,) = [reason for reason in (*why.good, *why.bad) if reason.topic == OTHER]
    assert other.value == pytest.approx(0.4)
    assert by_topic({"unheard_of": 1.0}) == {OTHER: 1.0}


def test_changing_one_part_changes_exactly_its_reason() -> None:
    before = explained(ranked(PARTS, AREA, LOT))
    after = explained(ranked({**PARTS, "materials": 0.2}, AREA, LOT))
    changed = {
        one.topic
        for one, other in zip(
            sorted((*before.good, *before.bad), key=lambda r: r.topic),
            sorted((*after.good, *after.bad), key=lambda r: r.topic),
            strict=True,
        )
        if (one.text, one.value) != (other.text, other.value)
    }
    assert changed == {"materials"}


def test_reasons_come_by_weight_and_conditions_are_named() -> None:
    why = explained(ranked(PARTS, AREA, LOT))
    assert [reason.topic for reason in why.good] == ["materials", "text", "service_area", "other"]
    assert why.doubts == ("最低の量に届きません（最低年300 t、ニーズは年120 t）",)
    assert why.breaks_condition


def test_weights_are_told_in_steps_to_those_who_may_not_see_numbers() -> None:
    why = explained(ranked(PARTS, AREA, LOT), VISITOR)
    assert {reason.share for reason in (*why.good, *why.bad)} <= {0, 10, 30, 60}
    assert why.doubts == ("最低の量に届きません",)
    assert why.parts == ()
    assert explained(ranked(PARTS, AREA, LOT), MEMBER).parts == ()


def test_what_was_read_in_the_text_is_told_with_its_words_if_these_may_be_seen() -> None:
    finding = Finding(
        Constraint.SERVICE_AREA, Verdict.VIOLATED, "高知県", ("九州",),
        offering_origin=Origin.TEXT, phrase="九州のみ対応",
    )  # fmt: skip
    seen = FindingWords(shows_numbers=True, readable=["当社は九州のみ対応です。"])
    assert seen.of(finding).endswith("（文章の「九州のみ対応」から）")
    hidden = FindingWords(shows_numbers=True, readable=["炭にします。"])
    assert hidden.of(finding).endswith("（文章から読み取りました）")


@pytest.mark.parametrize(
    ("finding", "to_business", "words"),
    [
        (Finding(Constraint.SERVICE_AREA, Verdict.UNKNOWN, "高知県", None), True, "高知県は入り"),
        (Finding(Constraint.CAPACITY, Verdict.UNKNOWN, 120.0, None), True, "年120 t"),
        (Finding(Constraint.MINIMUM_LOT, Verdict.UNKNOWN, None, 30.0), False, "年30 t"),
        (Finding(Constraint.LICENCES, Verdict.UNKNOWN, ("収集運搬",), None), True, "収集運搬"),
        (
            Finding(Constraint.WASTE_CLASS, Verdict.UNKNOWN, "産業廃棄物", None),
            True,
            "産業廃棄物を",
        ),
        (Finding(Constraint.WASTE_CLASS, Verdict.UNKNOWN, None, "有価物"), False, "どれに当た"),
    ],
)
def test_what_one_side_left_open_is_asked_for(
    finding: Finding, to_business: bool, words: str
) -> None:
    what, question = question_of(finding, to_business=to_business, shows_numbers=True)
    assert what
    assert words in question
    silent = question_of(finding, to_business=to_business, shows_numbers=False)[1]
    assert "t" not in silent
    own = question_of(finding, to_business=not to_business, shows_numbers=True)
    assert own == (what, ""), "who left it open is not told to ask the other side"


def test_what_the_own_post_left_open_is_to_be_written_there() -> None:
    lacks = Finding(Constraint.WASTE_CLASS, Verdict.UNKNOWN, "産業廃棄物", None)
    (to_town,) = explained(ranked(PARTS, lacks)).to_ask
    assert to_town.question == "産業廃棄物を扱えますか。"
    own, other = Post(title="炭", description="竹を炭に。"), Post(title="竹", problem="竹が余る。")
    explainer = Explainer(PostKind.OFFERING, STAFF)
    (to_business,) = explainer.explain(own, other, ranked(PARTS, lacks)).to_ask
    assert to_business.text == "このシーズに、廃棄物の区分が書かれていません"
    assert not to_business.question


def test_nothing_is_asked_where_nobody_stated_anything() -> None:
    for constraint in Constraint:
        nothing = Finding(constraint, Verdict.UNKNOWN, None, None)
        assert question_of(nothing, to_business=True, shows_numbers=True) == ("", "")


def passage(text: str, part: str = "description") -> Passage:
    return Passage(part, 0, len(text), text)


def test_quotes_are_literal_and_only_from_what_the_reader_may_see() -> None:
    pair = SentencePair(passage("竹が余る。"), passage("竹を炭に。"))
    why = explained(ranked(None, pair=pair))
    assert why.own_quote is not None
    assert why.other_quote is not None
    assert "".join(piece for piece, _ in why.own_quote.pieces) == "竹が余る。"
    assert ("竹", True) in why.other_quote.pieces
    other = SentencePair(passage("竹が余る。"), passage("秘密の文。", "price_note"))
    assert explained(ranked(None, pair=other)).other_quote is None


def test_pieces_of_a_quote_are_its_text_whatever_is_marked() -> None:
    quote = Quote("件名", "<b>竹</b>と竹", ((3, 4), (9, 10)))
    assert "".join(piece for piece, _ in quote.pieces) == quote.text
    assert Quote("件名", "竹", ((0, 1),)).pieces == [("竹", True)]


def test_a_probability_is_told_in_words_and_a_range() -> None:
    band = Band(0.6, 0.8, 50, 35)
    found = outlook_of(Prospect(0.7, 0.9, 0.3, band), breaks_condition=False)
    assert (found.strength, found.town, found.business) == (Strength.STRONG, "有望", "可能性あり")
    assert found.record == "10件中7件（6〜8件）"
    broken = outlook_of(Prospect(0.7, 0.9, 0.8, band), breaks_condition=True)
    assert broken.strength is Strength.FAIR
    assert "条件に合わない点" in broken.advice
    assert not found.advice
    unlikely = outlook_of(Prospect(0.4, 0.9, 0.8, band), breaks_condition=True)
    assert not unlikely.advice, "nothing was held back"


@pytest.mark.parametrize("silence", list(Silence))
def test_where_nothing_is_known_nothing_is_told_but_what_would_help(silence: Silence) -> None:
    found = outlook_of(Prospect(0.7, 0.9, 0.3, Band(0, 1, 9, 5), silence), breaks_condition=False)
    assert found.strength is Strength.UNKNOWN
    assert found.advice
    assert (found.record, found.town, found.business) == ("", "", "")
    assert outlook_of(None, breaks_condition=False).strength is Strength.UNKNOWN


def test_few_pairs_are_told_as_they_are() -> None:
    assert record_words(Band(0, 1, 4, 3)) == "4件中3件"
    assert record_words(Band(0, 1, 0, 0)) == ""
    assert record_words(None) == ""
    low, high = wilson_interval(10, 10)
    assert 0.8 < low < high <= 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2.4, "書かれている内容が近いです"),
        (1.2, "書かれている内容に近いところがあります"),
        (0.4, "書かれている内容が少しだけ重なります"),
        (-0.4, "書かれている内容はあまり近くありません"),
    ],
)
def test_nearness_is_told_as_far_as_its_weight_bears_it_out(value: float, words: str) -> None:
    why = explained(ranked({"base": -1.5, "meaning": value}))
    assert words in (*why.reasons, *why.doubts)


VALUES: dict[Constraint, tuple[Value, Value]] = {
    Constraint.SERVICE_AREA: ("高知県", ("北海道",)),
    Constraint.PARTNER_SCOPE: ("近隣", "北海道"),
    Constraint.MINIMUM_LOT: (10.0, 300.0),
    Constraint.CAPACITY: (10.0, 0.0),
    Constraint.KIND: (("technology",), "sharing_service"),
    Constraint.LICENCES: (("産業廃棄物処分業許可",), ("一般廃棄物処分業許可",)),
    Constraint.WASTE_CLASS: ("一般廃棄物", "産業廃棄物"),
    Constraint.ONE_OFF: ("1回かぎり", "継続のみ"),
    Constraint.EXCLUDED: (("竹",), ("竹",)),
    Constraint.REFUSAL: (None, "竹は不可"),
}
FINDINGS_BROKEN = {
    constraint: Finding(constraint, Verdict.VIOLATED, *values)
    for constraint, values in VALUES.items()
}
OTHER_PARTS = {
    "meaning": "text", "sentences": "text", "words": "text", "vocabulary": "text",
    "materials": "materials", "circulation_methods": "methods", "process_stages": "stages",
    "output": "goods", "distance": "distance", "reading": "reading",
}  # fmt: skip


def told(why: Explanation) -> dict[str, tuple[str, float]]:
    return {each.topic: (each.text, each.value) for each in (*why.good, *why.bad)}


@pytest.mark.parametrize("constraint", FINDINGS_BROKEN)
def test_breaking_one_constraint_adds_exactly_its_reason(constraint: Constraint) -> None:
    parts = {"base": -1.5, "meaning": 2.5, "materials": 0.5}
    before = explained(ranked(parts))
    place = ranked({**parts, constraint.value: -1.2}, FINDINGS_BROKEN[constraint])
    after = explained(place)
    assert {each for each in told(after).items() if each not in told(before).items()} == {
        (constraint.value, (told(after)[constraint.value][0], -1.2))
    }
    assert set(told(before).items()) <= set(told(after).items())
    assert sum(value for _, value in told(after).values()) - 1.5 == pytest.approx(place.score)


@pytest.mark.parametrize(("part", "topic"), OTHER_PARTS.items())
def test_changing_one_part_of_any_kind_changes_its_reason_alone(part: str, topic: str) -> None:
    parts = dict.fromkeys(OTHER_PARTS, 0.6) | {"base": -1.5}
    before, place = told(explained(ranked(parts))), ranked({**parts, part: -2.9})
    after = told(explained(place))
    assert {name for name in after if after[name] != before[name]} == {topic}
    assert sum(value for _, value in after.values()) - 1.5 == pytest.approx(place.score)
