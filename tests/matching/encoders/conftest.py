"""Two small encoders that are really loaded from a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

DIMENSION = 48
LETTERS = [chr(code) for code in (*range(0x3040, 0x3100), *range(0x4E00, 0x9FB0), *range(32, 127))]


def save_encoder(folder: Path, seed: int) -> Path:
    """A model whose vector of a text is the mean of random directions of its characters."""
    tokenizer = Tokenizer(
        WordLevel({"[UNK]": 0} | {c: i for i, c in enumerate(LETTERS, 1)}, "[UNK]")
    )
    tokenizer.pre_tokenizer = Split("", "isolated")
    weights = np.random.default_rng(seed).normal(size=(len(LETTERS) + 1, DIMENSION))
    module = StaticEmbedding(tokenizer, embedding_weights=weights.astype(np.float32))
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="session")
def encoders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders of an encoder that serves and of one that shall follow it."""
    base = tmp_path_factory.mktemp("encoders")
    return save_encoder(base / "first", 1), save_encoder(base / "second", 2)
