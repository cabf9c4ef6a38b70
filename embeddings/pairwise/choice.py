"""Which pair reader a setting names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from embeddings.pairwise.adapted import AdaptedPairReader
from embeddings.pairwise.adapter import adapter_id
from embeddings.pairwise.cross_encoder import CrossEncoderReader
from embeddings.pairwise.reader import PairReader

NO_READER: Final = "none"
BUNDLED_READER: Final = "bundled"
BUNDLED_ADAPTER: Final = Path(__file__).with_name("bundled.safetensors")
"""Written by ``python -m embeddings train-pair-reader``; its figures stand in its header."""
_ADAPTER_ENDING: Final = ".safetensors"


def reader_id(setting: str) -> str:
    """Return the ``model_id`` of the reader that a setting names, without loading it.

    Args:
        setting: ``"none"``; ``"bundled"`` for the adapter that comes with the product; the file of
            another adapter (``*.safetensors``) for the bundled encoder; else a name or folder of a
            cross-encoder.

    Returns:
        The id; empty for ``"none"``.
    """
    if setting == NO_READER:
        return ""
    adapter = _adapter(setting)
    return adapter_id(adapter) if adapter else setting


def load_pair_reader(setting: str, *, models_folder: Path, threads: int) -> PairReader | None:
    """Load the reader that a setting names; takes seconds.

    Args:
        setting: as for :func:`reader_id`.
        models_folder: where the bundled model is unpacked.
        threads: bound on the processor threads of torch.

    Raises:
        PairReaderUnavailable: when it cannot be loaded.
    """
    if setting == NO_READER:
        return None
    adapter = _adapter(setting)
    if adapter:
        return AdaptedPairReader(adapter, models_folder, threads=threads)
    return CrossEncoderReader(setting, threads=threads)


def _adapter(setting: str) -> Path | None:
    if setting == BUNDLED_READER:
        return BUNDLED_ADAPTER
    return Path(setting) if setting.endswith(_ADAPTER_ENDING) else None
