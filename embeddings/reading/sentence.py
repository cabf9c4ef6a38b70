"""One sentence of a post, ready to be read, and what is found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from embeddings.facts import PostFacts, Reading, ReadingKind
from embeddings.reading.aligned import Aligned, align
from embeddings.reading.grouped import Value
from embeddings.reading.thesaurus import Place, Thesaurus
from embeddings.text import post_sentences

# Texts that tell of the past, of elsewhere or of other things than the post itself offers.
_TOLD = frozenset({"track_record", "background", "present_treatment", "pilot_field"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence.

    Attributes:
        part: the text it stands in.
        offset: where it begins there.
        aligned: the sentence itself, the organisation's own name blotted out.
        literal: the sentence as it was written.
        places: the concepts that it names, with offsets in ``plain``.
    """

    part: str
    offset: int
    aligned: Aligned
    literal: str
    places: tuple[Place, ...]

    @property
    def plain(self) -> str:
        """The form in which words are compared."""
        return self.aligned.plain

    @property
    def is_title(self) -> bool:
        """Whether this is the title, which names the matter itself."""
        return self.part == "title"

    def reading(self, kind: ReadingKind, value: Value, start: int, end: int) -> Reading:
        """Make a reading of a piece of the plain form."""
        first, last = self.aligned.span(start, end)
        return Reading(
            kind=kind,
            value=value,
            part=self.part,
            start=self.offset + first,
            end=self.offset + last,
            phrase=self.literal[first:last],
        )

    def matched(self, kind: ReadingKind, value: Value, match: re.Match[str]) -> Reading:
        """Make a reading of what a pattern matched in the plain form."""
        return self.reading(kind, value, match.start(), match.end())


def sentences_of(post: PostFacts, thesaurus: Thesaurus) -> list[Sentence]:
    """Return the sentences of a post that speak of what it asks for or offers now."""
    found = []
    for passage in post_sentences(post):
        if passage.part in _TOLD:
            continue
        aligned = align(_blotted(passage.text, post.organization.strip()))
        places = tuple(thesaurus.places(aligned))
        found.append(Sentence(passage.part, passage.start, aligned, passage.text, places))
    return found


def _blotted(text: str, name: str) -> str:
    return text.replace(name, "＿" * len(name)) if len(name) > 1 else text
