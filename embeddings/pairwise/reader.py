"""What the ranking needs of a model that reads a need and an offering together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.text import compose_text

LogOdds = npt.NDArray[np.float32]
TextPair = tuple[str, str]

# Tokens of one pair. Half of them are kept for each text; a post of the judged sets has about a
# hundred, and the time of a reading grows faster than its length.
MOST_TOKENS: Final = 192
# No text of so many characters has fewer than a quarter of MOST_TOKENS, so that cutting here loses
# nothing and spares the tokenizer texts of ten thousand characters.
_MOST_CHARACTERS: Final = 2_000


class PairReaderUnavailable(RuntimeError):
    """The reader cannot be loaded; the ranking goes without."""


class PairReader(Protocol):
    """A model that reads both texts at once.

    Example:
        >>> need = "竹を減らしたい"
        >>> reader.read([(need, "竹をチップにします"), (need, "竹箸を売ります")])
        array([ 1.3, -2.1], dtype=float32)
    """

    @property
    def model_id(self) -> str:
        """Name that changes whenever readings are no longer comparable."""

    def read(self, pairs: Sequence[TextPair]) -> LogOdds:
        """Read pairs.

        Args:
            pairs: text of a need, text of an offering; see :func:`pair_text`.

        Returns:
            float32 array ``(len(pairs),)``: log-odds that the pair is worth a conversation.
        """


def pair_text(post: NeedFacts | OfferingFacts) -> str:
    """Return the text of a post as a reader gets it: without its organisation, and bounded."""
    text = compose_text(post)[:_MOST_CHARACTERS]
    # A half of a surrogate pair, as JSON may bring it, is no text to a tokenizer.
    return text.encode("utf-8", errors="replace").decode("utf-8")
