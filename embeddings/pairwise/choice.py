"""Which pair reader a setting names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from embeddings.pairwise.adapted import AdaptedPairReader
from embeddings.pairwise.adapter import adapter_id
from embeddings.pairwise.cross_encoder import CrossEncoderReader
from embeddings.pairwise.reader import PairReader

NO_READER: Final = "none"
_ADAPTER_ENDING: Final = ".safetensors"


def reader_id(setting: str) -> str:
    """Return the ``model_id`` of the reader that a setting names, without loading it.

    Args:
        setting: ``"none"``; the file of an adapter (``*.safetensors``) for the bundled encoder;
            else a name or folder of a cross-encoder.

    Returns:
        The id; empty for ``"none"``.
    """
    if setting == NO_READER:
        return ""
    return adapter_id(Path(setting)) if _is_adapter(setting) else setting


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
    if _is_adapter(setting):
        return AdaptedPairReader(Path(setting), models_folder, threads=threads)
    return CrossEncoderReader(setting, threads=threads)


def _is_adapter(setting: str) -> bool:
    return setting.endswith(_ADAPTER_ENDING)
