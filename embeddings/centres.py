"""The mean vectors of one side, which carry what all its texts have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

# A mean over the posts at hand is drawn towards the stored one, as if that were so many more posts:
# a dozen posts say little about what all texts have in common. Measured on judged sets: 20 to 100
# make no difference.
STORED_POSTS: Final = 50
# The same for an encoder without a stored mean, where the other side's takes its place.
_FEW: Final = 10


@dataclass(frozen=True, slots=True)
class Centre:
    """Mean vectors.

    Attributes:
        whole, passages: means over whole texts and over passages, ``(d,)``.
        count: how many posts they were taken over.
    """

    whole: Matrix
    passages: Matrix
    count: int

    def drawn_to(self, stored: Centre) -> Centre:
        """Return this mean, drawn towards a stored one of as many posts as that counts."""
        share = np.float32(self.count / (self.count + stored.count))
        return Centre(
            whole=share * self.whole + (1 - share) * stored.whole,
            passages=share * self.passages + (1 - share) * stored.passages,
            count=self.count + stored.count,
        )


def blended(few: Centre, many: Centre) -> Centre:
    """Draw a mean over few posts towards another mean, as if that were ten more posts."""
    share = np.float32(few.count / (few.count + _FEW))
    return Centre(
        whole=share * few.whole + (1 - share) * many.whole,
        passages=share * few.passages + (1 - share) * many.passages,
        count=few.count,
    )
