from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.facts import NeedFacts, OfferingFacts, TextPart
from embeddings.text import (
    MAX_PASSAGES,
    compose_need_text,
    compose_offering_text,
    compose_text,
    passage_texts,
    post_passages,
    post_sentences,
    sentence_spans,
    text_hash,
    without_name,
)
from embeddings.words import content_words

JAPANESE = st.text(alphabet="竹紙油。！？、「」\n 　あア1a😀\x00", max_size=200)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ﾍﾟｯﾄﾎﾞﾄﾙ", "ペットボトル"),
        ("引越し", "引っ越し"),
        ("ＰＥＴ", "pet"),
        ("か\u3099くふ", "がくふ"),
        ("剪定\x00枝", "剪定 枝"),
    ],
)
def test_spellings_of_one_word_are_one_word(first: str, second: str) -> None:
    assert content_words(first) == content_words(second)


def test_grammar_and_numbers_are_no_content() -> None:
    assert content_words("年に2,900頭を、山に埋めています。") == ["山", "埋める"]


@pytest.mark.parametrize("text", ["", " ", "。、！", "\x00\x07", "😀", "123"])
def test_a_text_without_content_has_no_words(text: str) -> None:
    assert [word for word in content_words(text) if word.strip() and word.isalpha()] == []


def test_long_texts_are_taken_in_pieces() -> None:
    assert content_words("竹を運ぶ。" * 12_000).count("竹") == 12_000


def test_several_threads_find_the_same_words() -> None:
    expected = content_words("使用済みの紙おむつを回収して再生する")
    found: list[list[str]] = []

    def work() -> None:
        for _ in range(50):
            found.append(content_words("使用済みの紙おむつを回収して再生する"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 200


def test_the_name_of_an_organisation_never_enters_a_text() -> None:
    offering = OfferingFacts(
        id="o",
        organization="株式会社めぐる",
        title="株式会社めぐるの竹チップ",
        description="当社、株式会社めぐるは竹を運びます。",
        further=(TextPart("strengths", "株式会社めぐるだけの技術。"),),
    )
    for text in [compose_offering_text(offering), *passage_texts(offering)]:
        assert "めぐる" not in text
    assert without_name("当社", "") == "当社"


def test_a_text_holds_title_description_and_further_parts_in_order() -> None:
    need = NeedFacts(
        id="n", title="題", description="文", further=(TextPart("background", "背景"),)
    )
    assert compose_need_text(need) == compose_text(need) == "題\n文\n背景"


def test_the_hash_changes_with_the_text_and_the_side_only() -> None:
    need = NeedFacts(id="n", title="竹", description="運ぶ", materials=("竹材",))
    assert text_hash(need) == text_hash(NeedFacts(id="m", title="竹", description="運ぶ"))
    assert text_hash(need) != text_hash(NeedFacts(id="n", title="竹運ぶ"))
    assert text_hash(need) != text_hash(OfferingFacts(id="n", title="竹", description="運ぶ"))
    assert len(text_hash(NeedFacts(id="n", title="\ud800"))) == 64


def test_sentences_keep_their_closing_brackets_and_skip_blank_lines() -> None:
    text = "「竹を燃やしたい。」との声が多い。\n\n  次の段落はこれくらい長い文です！"
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "「竹を燃やしたい。」との声が多い。",
        "次の段落はこれくらい長い文です！",
    ]


@settings(deadline=None)
@given(JAPANESE, JAPANESE, st.lists(JAPANESE, max_size=12))
def test_passages_are_literal_pieces_and_few(
    title: str, description: str, further: list[str]
) -> None:
    parts = tuple(TextPart(f"part{i}", text) for i, text in enumerate(further))
    post = NeedFacts(id="n", title=title, description=description, further=parts)
    texts = {"title": title, "description": description} | {p.name: p.text for p in parts}
    passages = post_passages(post)
    assert len(passages) <= MAX_PASSAGES
    for passage in [*passages, *post_sentences(post)]:
        assert texts[passage.part][passage.start : passage.end] == passage.text
        assert passage.text.strip()


def test_a_text_without_an_end_is_cut_into_pieces() -> None:
    passages = post_passages(NeedFacts(id="n", description="竹" * 10_000))
    assert len(passages) == MAX_PASSAGES
    assert sum(len(passage.text) for passage in passages) == 10_000
