"""Sentences in which an offering says what it does not take or do.

Such a sentence shares words and meaning with exactly the needs that it turns away, so every
text score mistakes it for an answer. What it names is compared with the need's words instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from embeddings.facts import PostFacts
from embeddings.structure import Constraint, Finding, Verdict
from embeddings.text import Passage, post_sentences
from embeddings.words import content_words

_TAKING: Final = (
    "受け|引取|引き取|買取|買い取|取扱|取り扱|扱|加工|利用|使用|使え|"
    "処理|応じ|対応|販売|入れ|搬入|持込|持ち込"
)
_REFUSAL: Final = re.compile(
    rf"対象外|規格外(?!品)|不適合|お断り|ご遠慮|不可(?!欠|能|避)|(?:{_TAKING})[^。、]{{0,14}}ません"
    r"|(?:は|も|等|など|の[^。、]{1,8}を)[^。、]{0,6}(?:行(?:い|って(?:い|おり))|含み|持ち|保有して(?:い|おり))ません"
    r"|(?:機能|対応|取り?扱い?|貸出|予約)(?:は|も)?(?:なし|ありません|ございません)"
    r"|お客様でお願い|(?:処分|引取り|販売)[^。]{0,6}(?:ご用意|手配)"
)
# Words of refusing itself, which name nothing that is refused.
_OF_REFUSING: Final = (
    "対象外 規格外 不適合 断る 遠慮 不可 受け入れ 引き取り 買い取り 取り扱い 扱う 加工 利用 使用 "
    "使う 処理 応じる 対応 販売 搬入 持ち込み 受ける 処分 用意 手配 願い 客 為 物 事 当社 場合 行う"
)
# Below this share of its words the sentence is about something else.
_CLEAR: Final = 0.25


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusing sentence and the content words of what it refuses."""

    passage: Passage
    words: frozenset[str]


def find_refusals(post: PostFacts) -> tuple[Refusal, ...]:
    """Return the refusing sentences of a post that name something."""
    refusing = [p for p in post_sentences(post) if _REFUSAL.search(p.text)]
    found = [Refusal(p, frozenset(content_words(p.text)) - _plain_words()) for p in refusing]
    return tuple(refusal for refusal in found if refusal.words)


def refused_share(
    need_words: Collection[str], refusals: Sequence[Refusal]
) -> tuple[float, Finding]:
    """Tell how far an offering refuses what a need is about.

    Args:
        need_words: content words of the need.
        refusals: of the offering.

    Returns:
        The largest share (0–1) of a refusal's words that are words of the need; and a finding with
        the shared words and the sentence, violated when the share is clear.
    """
    nothing = Finding(Constraint.REFUSAL, Verdict.UNKNOWN, None, None)
    if not refusals:
        return 0.0, nothing
    own = set(need_words)
    shares = [
        (len(refusal.words & own) / len(refusal.words), i) for i, refusal in enumerate(refusals)
    ]
    share, place = max(shares, key=lambda pair: (pair[0], -pair[1]))
    if share < _CLEAR:
        return share, nothing
    refusal = refusals[place]
    shared = tuple(sorted(refusal.words & own))
    return share, Finding(Constraint.REFUSAL, Verdict.VIOLATED, shared, refusal.passage.text)


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    return frozenset(content_words(_OF_REFUSING))
