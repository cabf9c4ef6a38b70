"""Rules of the vocabulary that people keep over the shipped one. Pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from embeddings.reading.thesaurus import Concept, ConceptKind
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line, fold

TERM_LENGTH: Final = 40
SHORTEST_TERM: Final = 2
"""One character stands in too many other words (竹 in 竹下町); shipped words may be that short."""
LABEL_LENGTH: Final = 40
SOURCE_LENGTH: Final = 300
REASON_LENGTH: Final = 300
MOST_TERMS: Final = 60
"""Words of one concept that people may add; far more than any shipped concept has."""
NAMESPACE: Final = uuid.UUID("1d7a6a0e-52b2-5c0c-8c56-0a6f2c2f5e61")


class Side(StrEnum):
    """Who uses a word: town halls, companies, or both."""

    BOTH = "both"
    TOWN = "town"
    COMPANY = "company"


class EntryState(StrEnum):
    """Whether a word or a concept is used for reading."""

    ACTIVE = "active"
    OFF = "off"


KIND_LABELS: Final = {
    ConceptKind.MATERIAL: "品目",
    ConceptKind.STAGE: "工程",
    ConceptKind.METHOD: "循環の構築方法",
    ConceptKind.ISSUE: "困りごと",
    ConceptKind.LICENCE: "許可・認証",
    ConceptKind.WASTE_CLASS: "廃棄物の区分",
}
SIDE_LABELS: Final = {
    Side.BOTH: "どちらも使う",
    Side.TOWN: "自治体がよく使う",
    Side.COMPANY: "事業者がよく使う",
}


@dataclass(frozen=True, slots=True)
class TermView:
    """One word of a concept as the screen shows it.

    Attributes:
        text: the word.
        side: who uses it.
        source: where it comes from.
        is_shipped: whether it came with the service (then it can be switched off, never lost).
        state: whether it is used.
        reason: the words given for the last change.
    """

    text: str
    side: Side
    source: str
    is_shipped: bool
    state: EntryState
    reason: str = ""

    @property
    def side_label(self) -> str:
        """Who uses it, in words."""
        return SIDE_LABELS[self.side]

    @property
    def is_active(self) -> bool:
        """Whether it is used for reading."""
        return self.state is EntryState.ACTIVE


@dataclass(frozen=True, slots=True)
class ConceptView:
    """One concept with all its words, those switched off too.

    Attributes:
        value: the entry of the product's own list that the words stand for, if any.
        revision: counts the changes people made; 0 for one as it was shipped.
        base: what reading uses of it besides its words.
    """

    code: str
    kind: ConceptKind
    label: str
    value: str
    source: str
    is_shipped: bool
    state: EntryState
    reason: str
    revision: int
    terms: tuple[TermView, ...]
    base: Concept

    @property
    def town_words(self) -> list[str]:
        """Words of town halls in use."""
        return [t.text for t in self.terms if t.state is EntryState.ACTIVE and _is(t, Side.TOWN)]

    @property
    def company_words(self) -> list[str]:
        """Words of companies in use."""
        return [t.text for t in self.terms if t.state is EntryState.ACTIVE and _is(t, Side.COMPANY)]

    @property
    def kind_label(self) -> str:
        """What it is about, in words."""
        return KIND_LABELS[self.kind]

    @property
    def is_active(self) -> bool:
        """Whether it is used for reading."""
        return self.state is EntryState.ACTIVE

    def term(self, text: str) -> TermView | None:
        """The word with this text, in whatever width it is written."""
        return next((t for t in self.terms if fold(t.text) == fold(text)), None)


def _is(term: TermView, side: Side) -> bool:
    return term.side in (side, Side.BOTH)


def concept_id(code: str) -> uuid.UUID:
    """The id under which a concept stands in the audit log; it follows from the code."""
    return uuid.uuid5(NAMESPACE, code)


def checked_term(text: str) -> str:
    """A word for the vocabulary.

    Raises:
        ProductError: it is too short, too long or holds nothing to read.
    """
    text = clean_line(text)
    if len(fold(text)) < SHORTEST_TERM:
        raise ProductError("ことばは2文字以上で入れてください。", "text")
    if len(text) > TERM_LENGTH:
        raise ProductError(f"ことばは{TERM_LENGTH}文字以内で入れてください。", "text")
    if not any(character.isalnum() for character in text):
        raise ProductError("文字を含むことばを入れてください。", "text")
    return text


def checked_line(text: str, most: int, field: str, name: str) -> str:
    """A line that has to be filled in.

    Raises:
        ProductError: it is empty or too long.
    """
    text = clean_line(text)
    if not text:
        raise ProductError(f"{name}を入れてください。", field)
    if len(text) > most:
        raise ProductError(f"{name}は{most}文字以内で入れてください。", field)
    return text


def checked_side(code: str) -> Side:
    """Who uses a word.

    Raises:
        ProductError: nothing that is known was chosen.
    """
    try:
        return Side(code)
    except ValueError:
        raise ProductError("だれが使うことばかを選んでください。", "side") from None
