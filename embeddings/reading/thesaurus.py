"""A two-way vocabulary: how town halls and how companies name the same thing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from embeddings.reading.aligned import Aligned, align
from embeddings.words import content_spans, content_words, normalise, word_bounds

# A word of the same concept says less than the word itself.
_SAME_CONCEPT: Final = 0.5
# What may stand around a word without changing what it names.
_NEUTRAL_BEFORE: Final = frozenset({"", "廃", "微"})
_NEUTRAL_AFTER: Final = frozenset({"", "類", "化", "塊", "品", "にする"})
# What is done about a thing says less still: it is done about other things, too.
_ANSWER: Final = 0.25
# 回収, 処理 and the like stand in so many terms that they tell none of them.
_FEW_CONCEPTS: Final = 6
_SHORT: Final = 4
_KATAKANA: Final = "カ"
_LATIN: Final = "a"
_HIRAGANA: Final = "か"
_OTHER: Final = "漢"


class ConceptKind(StrEnum):
    """What a concept is about."""

    MATERIAL = "material"
    STAGE = "stage"
    METHOD = "method"
    ISSUE = "issue"
    LICENCE = "licence"
    WASTE_CLASS = "waste_class"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing that towns and companies talk about.

    Attributes:
        code: unique, never changes.
        kind: what it is about.
        label: its name, for people.
        town_terms, company_terms: how either side writes it; a term may stand on both.
        source: where the terms come from.
        value: the entry of the product's own list that it belongs to (a 品目, a 工程 ...); empty
            when there is none.
        answers: what is done about it; further words for a search, never found in a text.
        not_in: longer words that contain a term and mean something else.
    """

    code: str
    kind: ConceptKind
    label: str
    town_terms: tuple[str, ...] = ()
    company_terms: tuple[str, ...] = ()
    source: str = ""
    value: str = ""
    answers: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms, each once."""
        return tuple(dict.fromkeys((*self.town_terms, *self.company_terms)))


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named in a text; ``phrase == text[start:end]``."""

    concept: Concept
    start: int
    end: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Place:
    """A concept named in the plain form of an aligned text."""

    concept: Concept
    start: int
    end: int


class BadVocabulary(ValueError):
    """The data cannot be used; the message says where it is at fault."""


class _Bounds:
    """Word bounds of one text, looked for only when a term needs them."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._found: frozenset[int] | None = None

    def are_at(self, start: int, end: int) -> bool:
        if self._found is None:
            self._found = word_bounds(self._plain)
        return start in self._found and end in self._found


class Thesaurus:
    """The vocabulary, ready to find its terms in texts. Immutable; safe in several threads.

    Args:
        concepts: in order; where two concepts have the same term, the first one has it.

    Raises:
        BadVocabulary: when two concepts have the same code.
    """

    def __init__(self, concepts: Iterable[Concept] = ()) -> None:
        self.concepts: tuple[Concept, ...] = tuple(concepts)
        self.by_code: dict[str, Concept] = {c.code: c for c in self.concepts}
        if len(self.by_code) < len(self.concepts):
            raise BadVocabulary("two concepts have the same code")
        self._starts: dict[str, list[tuple[str, Concept | None]]] = {}
        self._known: set[str] = set()
        for concept in self.concepts:
            self._add(concept.terms, concept)
        for concept in self.concepts:
            self._add(concept.not_in, None)
        for terms in self._starts.values():
            terms.sort(key=lambda pair: -len(pair[0]))

    def _add(self, terms: Sequence[str], concept: Concept | None) -> None:
        for term in terms:
            plain = align(term).plain.strip()
            if plain and plain not in self._known:
                self._known.add(plain)
                self._starts.setdefault(plain[:1], []).append((plain, concept))

    @cached_property
    def version(self) -> str:
        """A hash that changes with every change of the data."""
        content = json.dumps([asdict(c) for c in self.concepts], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def find(self, text: str | Aligned) -> list[Mention]:
        """Find all concepts named in a text, in order, the longest term at each place.

        Terms are compared in NFKC form and lower case. A short katakana or Latin term must stand
        alone (プラ is not in プラント); so must a single character or short hiragana word, by
        Sudachi's word bounds.

        Args:
            text: any text, or one already aligned.

        Returns:
            Mentions with offsets in the literal text; they do not overlap.
        """
        aligned = align(text) if isinstance(text, str) else text
        found = []
        for place in self.places(aligned):
            start, end = aligned.span(place.start, place.end)
            found.append(Mention(place.concept, start, end, aligned.text[start:end]))
        return found

    def places(self, aligned: Aligned) -> list[Place]:
        """Find all concepts named in an aligned text; offsets are those of its plain form."""
        plain, bounds = aligned.plain, _Bounds(aligned.plain)
        found: list[Place] = []
        at = 0
        while at < len(plain):
            term, concept = self._longest(plain, at, bounds)
            if concept is not None:
                found.append(Place(concept, at, at + len(term)))
            at += len(term) or 1
        return found

    def _longest(self, plain: str, at: int, bounds: _Bounds) -> tuple[str, Concept | None]:
        """The longest term that stands at a place; empty when none does."""
        for term, concept in self._starts.get(plain[at], ()):
            end = at + len(term)
            if not plain.startswith(term, at) or not _stands_alone(plain, at, end):
                continue
            if not _needs_bounds(term) or bounds.are_at(at, end):
                return term, concept
        return "", None

    def expansions(self, words: Sequence[str]) -> dict[str, float]:
        """Return further words for a lexical query: those of the same concepts, both ways.

        Args:
            words: content words of the query, as :func:`embeddings.words.content_words` gives.

        Returns:
            Word → weight below 1, without the query's own words. A term of several words counts
            only when all of them stand next to each other in the query.
        """
        own, found = set(words), dict[str, float]()
        for concept in self._named(words):
            for word, weight in self._words_of[concept.code].items():
                if word not in own:
                    found[word] = max(found.get(word, 0.0), weight)
        return found

    def _named(self, words: Sequence[str]) -> list[Concept]:
        named: dict[str, Concept] = {}
        for at, word in enumerate(words):
            for term, concept in self._by_first_word.get(word, ()):
                if tuple(words[at : at + len(term)]) == term:
                    named[concept.code] = concept
                    break
        return list(named.values())

    @cached_property
    def _words_of(self) -> dict[str, dict[str, float]]:
        """Weights of the content words of each concept; words of many concepts say nothing."""
        found = {
            concept.code: {
                **{w: _ANSWER for term in concept.answers for w in content_words(term)},
                **{w: _SAME_CONCEPT for term in concept.terms for w in _telling_words(term)},
            }
            for concept in self.concepts
        }
        common = Counter(word for weights in found.values() for word in weights)
        return {
            code: {w: weight for w, weight in weights.items() if common[w] <= _FEW_CONCEPTS}
            for code, weights in found.items()
        }

    @cached_property
    def _by_first_word(self) -> dict[str, list[tuple[tuple[str, ...], Concept]]]:
        """First content word → the terms that begin with it, longest first."""
        index: dict[str, list[tuple[tuple[str, ...], Concept]]] = {}
        for concept in self.concepts:
            for term in concept.terms:
                if words := _telling_words(term):
                    index.setdefault(words[0], []).append((words, concept))
        for terms in index.values():
            terms.sort(key=lambda pair: -len(pair[0]))
        return index


def _telling_words(term: str) -> tuple[str, ...]:
    """Return the content words of a term; none where a single one is left that is not its core.

    廃タイヤ is タイヤ and 紙類 is 紙, but 未利用材 leaves 利用 and せともの leaves 物: alone they
    stand for anything.
    """
    plain = normalise(term)
    spans = content_spans(plain)
    if len(spans) == 1 and not _is_core(plain, *spans[0][1:]):
        return ()
    return tuple(word for word, _start, _end in spans)


def _is_core(term: str, start: int, end: int) -> bool:
    return term[:start] in _NEUTRAL_BEFORE and term[end:] in _NEUTRAL_AFTER


def load_thesaurus(path: Path) -> Thesaurus:
    """Read the shipped vocabulary.

    Args:
        path: a YAML file with ``kind``, ``source`` and ``concepts``, or a folder of such files.

    Raises:
        OSError: when it cannot be read.
        BadVocabulary: when an entry is malformed.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise BadVocabulary(f"{path.name}: no vocabulary")
    return Thesaurus(concept for file in files for concept in _concepts(file))


def _concepts(file: Path) -> list[Concept]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        kind, source = ConceptKind(content["kind"]), str(content["source"])
        return [_concept(entry, kind, source) for entry in content["concepts"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadVocabulary(f"{file.name}: {error}") from error


def _concept(entry: dict[str, Any], kind: ConceptKind, source: str) -> Concept:
    both = tuple(entry.get("both", ()))
    return Concept(
        code=str(entry["code"]),
        kind=kind,
        label=str(entry["label"]),
        town_terms=(*entry.get("town", ()), *both),
        company_terms=(*entry.get("company", ()), *both),
        source=str(entry.get("source", source)),
        value=str(entry.get("value", "")),
        answers=tuple(entry.get("answers", ())),
        not_in=tuple(entry.get("not_in", ())),
    )


def _script(character: str) -> str:
    if "ァ" <= character <= "ヺ" or character == "ー":
        return _KATAKANA
    if character.isascii() and character.isalnum():
        return _LATIN
    return _HIRAGANA if "ぁ" <= character <= "ゖ" else _OTHER


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether no katakana or Latin word goes on beyond a term of that script."""
    first, last = _script(plain[start]), _script(plain[end - 1])
    before = _script(plain[start - 1]) if start else _OTHER
    after = _script(plain[end]) if end < len(plain) else _OTHER
    if first == before and first in (_KATAKANA, _LATIN):
        return False
    tail = 0
    while tail < end - start and _script(plain[end - 1 - tail]) == last:
        tail += 1
    # A long katakana word opens compounds (プラスチックトレー); a short one is another word.
    return last != after or last not in (_KATAKANA, _LATIN) or (last == _KATAKANA and tail > _SHORT)


def _needs_bounds(term: str) -> bool:
    return len(term) == 1 or (len(term) <= _SHORT and all(_script(c) == _HIRAGANA for c in term))
