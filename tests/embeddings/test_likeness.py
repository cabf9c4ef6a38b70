"""Two texts of one kind that answer the same problem are told from others by the real encoder."""

from __future__ import annotations

import numpy as np
import pytest

from config import ROOT
from embeddings.bench_folder import read_bench_folder
from embeddings.encoder import SentenceTransformerEncoder
from embeddings.likeness import WORTH_TELLING, Matrix, likeness
from embeddings.partnership import PartnershipModel
from embeddings.reading.thesaurus import load_thesaurus
from embeddings.text import compose_text
from embeddings.words import content_words

TEXTS = (
    "放置竹林の整備で出た竹を粉砕し、堆肥にして農家へ配ります。年間200トンを扱えます。",
    "伐採した孟宗竹をチップにして発酵させ、土づくりの資材として畑で使ってもらいます。",
    "使用済みの紙おむつを回収し、パルプとプラスチックを取り出して再び紙おむつの材料にします。",
    "粗大ごみに出された家具を修理し、店とインターネットで次の方に販売します。",
    "家庭で不要になったたんすや机を買い取り、手入れをして再び使ってもらう店を開きます。",
)


@pytest.fixture(name="rates")
def rates_of_texts(encoder: SentenceTransformerEncoder) -> Matrix:
    thesaurus = load_thesaurus(ROOT / "seeds" / "vocabulary")
    words = [content_words(text) for text in TEXTS]
    vectors = encoder.encode_documents(TEXTS)
    return likeness(vectors, words, PartnershipModel.shipped(), thesaurus)


def test_what_answers_the_same_problem_is_nearer_than_anything_else(rates: Matrix) -> None:
    np.testing.assert_allclose(rates, rates.T, atol=1e-6)
    assert ((rates > 0) & (rates <= 1)).all()
    others = rates - np.eye(len(rates))
    assert [int(np.argmax(row)) for row in others][:2] == [1, 0]
    assert [int(np.argmax(row)) for row in others][3:] == [4, 3]
    assert rates.diagonal().min() > 0.95
    assert rates[2, [0, 1, 3, 4]].max() < WORTH_TELLING


def test_vectors_of_another_length_are_refused() -> None:
    thesaurus = load_thesaurus(ROOT / "seeds" / "vocabulary")
    with pytest.raises(ValueError, match="not measured"):
        likeness(np.ones((2, 3), np.float32), [["竹"]] * 2, PartnershipModel.shipped(), thesaurus)


def test_offerings_for_the_same_documented_need_stand_out(
    encoder: SentenceTransformerEncoder,
) -> None:
    """On the documented cases, from which the weights were not learnt."""
    bench = read_bench_folder(ROOT / "seeds" / "judged" / "real")
    texts = [compose_text(offering) for offering in bench.offerings]
    rates = likeness(
        encoder.encode_documents(texts),
        [content_words(text) for text in texts],
        PartnershipModel.shipped(),
        load_thesaurus(ROOT / "seeds" / "vocabulary"),
    )
    place = {offering.id: i for i, offering in enumerate(bench.offerings)}
    alike = np.zeros(rates.shape, dtype=bool)
    for grades in bench.judgements.values():
        rows = [place[id_] for id_, grade in grades.items() if grade > 1]
        alike[np.ix_(rows, rows)] = True
    upper = np.triu(np.ones(rates.shape, dtype=bool), k=1)
    same, other = rates[upper & alike], rates[upper & ~alike]
    assert (same[:, None] > other[None, :]).mean() > 0.9
