"""Any cross-encoder of sentence-transformers as a pair reader."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from embeddings.pairwise.reader import MOST_TOKENS, LogOdds, PairReaderUnavailable, TextPair

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH: Final = 8


class CrossEncoderReader:
    """Reads with a cross-encoder, such as ``hotchpotch/japanese-reranker-xsmall-v2``.

    What it returns is the model's output before any activation. How far that may be believed is
    for the calibration of the ranking to say, not for the model.

    Args:
        model: a name or folder that ``CrossEncoder`` understands.
        threads: bound on the processor threads of torch.

    Raises:
        PairReaderUnavailable: when it cannot be loaded, or gives more than one number a pair.
    """

    def __init__(self, model: str, *, threads: int | None = None) -> None:
        self.model_id = model
        self._lock = threading.Lock()
        try:
            self._model = _load(model, threads or min(2, os.cpu_count() or 1))
        except Exception as error:
            # No package, no network, a broken file: the service goes on without.
            raise PairReaderUnavailable(f"cannot load pair reader {model!r}: {error}") from error
        if self._model.num_labels != 1:
            raise PairReaderUnavailable(f"{model!r} gives {self._model.num_labels} numbers a pair")

    def read(self, pairs: Sequence[TextPair]) -> LogOdds:
        """Read pairs; see :meth:`embeddings.pairwise.reader.PairReader.read`."""
        import torch  # noqa: PLC0415 - loaded with the model

        if not pairs:
            return np.zeros(0, dtype=np.float32)
        with self._lock:
            found = self._model.predict(
                list(pairs),
                batch_size=_BATCH,
                activation_fn=torch.nn.Identity(),
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.asarray(found, dtype=np.float32).reshape(len(pairs))


def _load(model: str, threads: int) -> CrossEncoder:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # Imported here because torch takes seconds and hundreds of megabytes, which a process that
    # never reads pairs must not pay.
    import torch  # noqa: PLC0415
    from sentence_transformers import CrossEncoder  # noqa: PLC0415

    torch.set_num_threads(threads)
    found: CrossEncoder = CrossEncoder(model, device="cpu", max_length=MOST_TOKENS)
    return found
