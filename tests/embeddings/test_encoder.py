from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import (
    EncoderUnavailable,
    SentenceTransformerEncoder,
    prompts_for,
    unit_rows,
)

ODD_TEXTS = [
    "",
    "竹",
    "😀🗾",
    "ﾍﾟｯﾄﾎﾞﾄﾙ",
    "\x00\x07\u200b制御",
    "長" * 10_000,
    "a b\tc\r\nd",
    "\ud800",
]


def test_the_right_answer_is_nearer_than_a_foreign_one(
    encoder: SentenceTransformerEncoder,
) -> None:
    query = encoder.encode_queries(["使用済みの紙おむつを燃やさずに再生したい"])
    documents = encoder.encode_documents(
        ["太陽光パネルを外してガラスを取り出す", "おむつからパルプを取り出し、水平リサイクルする"]
    )
    near = query @ documents.T
    assert near[0, 1] > near[0, 0]


def test_odd_texts_are_encoded_to_finite_unit_vectors(
    encoder: SentenceTransformerEncoder,
) -> None:
    vectors = encoder.encode_documents(ODD_TEXTS)
    assert vectors.shape == (len(ODD_TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_tokens_are_counted(encoder: SentenceTransformerEncoder) -> None:
    empty, short = encoder.count_tokens(""), encoder.count_tokens("竹")
    assert empty < short < encoder.count_tokens("放置された竹林の竹を飼料に変える")


def test_no_texts_give_no_rows(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_the_order_of_a_batch_does_not_change_a_vector(
    encoder: SentenceTransformerEncoder,
) -> None:
    texts = ["竹をチップにする", "家庭の不要になった家具を次の人へ渡したい。" * 5, "瓦"]
    forward = encoder.encode_documents(texts)
    backward = encoder.encode_documents(texts[::-1])[::-1]
    assert (forward * backward).sum(axis=1).min() > 0.999


def test_an_unknown_model_is_reported_as_unavailable(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="no-such-model"):
        SentenceTransformerEncoder(str(tmp_path / "no-such-model"))


def test_a_folder_that_cannot_be_written_is_reported_as_unavailable(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(EncoderUnavailable):
        SentenceTransformerEncoder(models_folder=blocked)


def test_prompts_are_those_of_the_model_or_of_the_e5_family() -> None:
    assert prompts_for("bundled", {"query": "", "document": ""}) == ("query: ", "passage: ")
    assert prompts_for("intfloat/multilingual-e5-large", {}) == ("query: ", "passage: ")
    assert prompts_for("some/model", {}) == ("", "")
    own = {"query": "検索クエリ: ", "document": "検索文書: "}
    assert prompts_for("cl-nagoya/ruri-v3-310m", own) == ("検索クエリ: ", "検索文書: ")


def test_rows_of_zeros_stay_zero() -> None:
    assert not unit_rows(np.zeros((2, 3), dtype=np.float32)).any()


def test_importing_the_library_does_not_load_torch() -> None:
    code = (
        "import sys, embeddings.encoder, embeddings.store, embeddings.ranking_bench;"
        "sys.exit('torch' in sys.modules or 'flask' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
