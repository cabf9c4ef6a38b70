"""The bundled encoder with an adapter as a pair reader."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from embeddings.model_files import unpack_bundled_model
from embeddings.pairwise.adapter import (
    adapter_id,
    attach,
    load_adapter,
    log_odds,
    untrained_adapter,
)
from embeddings.pairwise.network import NEED_PROMPT, OFFERING_PROMPT, JointNetwork
from embeddings.pairwise.reader import LogOdds, PairReaderUnavailable, TextPair

if TYPE_CHECKING:
    from torch import Tensor

UNTRAINED: Final = "untrained"
# Few at a time: pairs of about the same length leave little to pad.
_BATCH: Final = 16


class AdaptedPairReader:
    """Reads with the bundled encoder and an adapter made for it.

    Args:
        adapter: the adapter's file, from ``python -m embeddings train-pair-reader``; None for one
            that was never trained, which says 0 of every pair and takes as long as any other.
        models_folder: where the bundled model is unpacked.
        threads: bound on the processor threads of torch.

    Raises:
        PairReaderUnavailable: when the encoder or the adapter cannot be loaded.
    """

    def __init__(
        self, adapter: Path | None, models_folder: Path, *, threads: int | None = None
    ) -> None:
        self.model_id = adapter_id(adapter) if adapter else UNTRAINED
        self._lock = threading.Lock()
        try:
            tensors = load_adapter(adapter) if adapter else None
            folder = unpack_bundled_model(models_folder)
            self._network = JointNetwork(folder, threads or min(2, os.cpu_count() or 1))
            self._tensors = tensors or untrained_adapter(self._network)
            attach(self._network, self._tensors)
        except Exception as error:
            # No package, no memory, a broken file: the service goes on without.
            raise PairReaderUnavailable(f"cannot load pair reader {adapter}: {error}") from error

    def read(self, pairs: Sequence[TextPair]) -> LogOdds:
        """Read pairs; see :meth:`embeddings.pairwise.reader.PairReader.read`."""
        found = np.zeros(len(pairs), dtype=np.float32)
        with self._lock:
            needs = self._alone([need for need, _ in pairs], NEED_PROMPT)
            offerings = self._alone([offering for _, offering in pairs], OFFERING_PROMPT)
            tokens = [len(needs[need]) + len(offerings[offering]) for need, offering in pairs]
            order = np.argsort(tokens, kind="stable").tolist()
            for start in range(0, len(order), _BATCH):
                rows = order[start : start + _BATCH]
                together = self._network.upper(
                    [needs[pairs[row][0]] for row in rows],
                    [offerings[pairs[row][1]] for row in rows],
                )
                found[rows] = log_odds(self._tensors, together).numpy()
        return found

    def _alone(self, texts: Sequence[str], prompt: str) -> dict[str, Tensor]:
        """Read each different text once."""
        unique = sorted(set(texts), key=len)
        return dict(zip(unique, self._network.lower(unique, prompt), strict=True))
