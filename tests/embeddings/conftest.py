"""The real encoder and the real map, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.encoder import SentenceTransformerEncoder
from embeddings.geography import Geography, load_geography
from embeddings.model_files import models_folder
from embeddings.ranking import Rules

GEOGRAPHY_FILE = Path(__file__).parents[2] / "seeds/reference/prefecture_adjacency.yaml"


@pytest.fixture(scope="session")
def encoder() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(models_folder=models_folder(), threads=1)


@pytest.fixture(scope="session")
def geography() -> Geography:
    return load_geography(GEOGRAPHY_FILE)


@pytest.fixture(scope="session")
def rules(geography: Geography) -> Rules:
    return Rules(geography=geography)
