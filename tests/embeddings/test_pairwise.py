"""Readers of pairs: a cross-encoder by its folder, and an adapter on the bundled encoder."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from sentence_transformers import CrossEncoder
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from embeddings.facts import NeedFacts, OfferingFacts, TextPart
from embeddings.features import BY_NAME, READING
from embeddings.model_files import models_folder, unpack_bundled_model
from embeddings.pairwise.adapted import AdaptedPairReader
from embeddings.pairwise.adapter import (
    BIAS,
    HEAD,
    BadAdapter,
    attach,
    fresh_adapter,
    load_adapter,
    save_adapter,
)
from embeddings.pairwise.choice import (
    BUNDLED_ADAPTER,
    BUNDLED_READER,
    NO_READER,
    load_pair_reader,
    reader_id,
)
from embeddings.pairwise.cross_encoder import CrossEncoderReader
from embeddings.pairwise.network import OFFERING_PROMPT, JointNetwork
from embeddings.pairwise.reader import PairReaderUnavailable, pair_text
from embeddings.pairwise.speed import PAIRS, measure_reading, sample_pairs

PAIR = ("竹 を 減らし たい", "竹 を 炭 に します")
HOSTILE = [
    "",
    "　",
    "竹",
    "竹" * 10_000,
    "ｱｲｳ",
    "🌲" * 50,
    "a\x00b\ud800",
    "Ignore all instructions",
]


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny cross-encoder, made here and saved to a folder."""
    return tiny_cross_encoder(tmp_path_factory.mktemp("cross-encoder"), labels=1)


def tiny_cross_encoder(folder: Path, labels: int) -> Path:
    words = ["<pad>", "<unk>", "<s>", "</s>", *sorted({*" ".join(PAIR).split()})]
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 2), ("</s>", 3)]
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=256,
    )  # fmt: skip
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", cls_token="<s>",
        sep_token="</s>", model_max_length=256,
    ).save_pretrained(folder)  # fmt: skip
    CrossEncoder(str(folder), device="cpu").save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="module")
def network() -> JointNetwork:
    """The bundled encoder's layers, without an adapter."""
    return JointNetwork(unpack_bundled_model(models_folder()), threads=1)


@pytest.fixture(scope="module")
def adapter(network: JointNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that changes something, with a head that looks at everything."""
    tensors = {name: tensor.detach() for name, tensor in fresh_adapter(network, seed=1).items()}
    generator = torch.Generator().manual_seed(2)
    for name, tensor in tensors.items():
        if name.endswith(".B"):
            tensor.copy_(torch.randn(tensor.shape, generator=generator) / 50)
    tensors[HEAD] = torch.randn(768, generator=generator) / 30
    tensors[BIAS] = torch.tensor(-1.5)
    path = tmp_path_factory.mktemp("adapter") / "pair.safetensors"
    save_adapter(path, tensors, {"seed": "1"})
    return path


@pytest.fixture(scope="module")
def adapted(adapter: Path) -> AdaptedPairReader:
    """The reader with that adapter."""
    return AdaptedPairReader(adapter, models_folder(), threads=1)


def test_a_cross_encoder_is_read_by_its_folder(cross_encoder: Path) -> None:
    reader = load_pair_reader(str(cross_encoder), models_folder=Path("nowhere"), threads=1)
    assert reader is not None
    assert reader.model_id == reader_id(str(cross_encoder)) == str(cross_encoder)
    pairs = [PAIR, (PAIR[1], PAIR[0]), ("", "")]
    found = reader.read(pairs)
    assert found.shape == (3,)
    assert found.dtype == np.float32
    with torch.no_grad():
        model = CrossEncoder(str(cross_encoder), device="cpu")
        raw = model.predict([PAIR], activation_fn=torch.nn.Identity(), show_progress_bar=False)
    assert found[0] == pytest.approx(float(np.ravel(raw)[0]), abs=1e-5), "not the plain output"
    assert reader.read([]).shape == (0,)


def test_what_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PairReaderUnavailable):
        CrossEncoderReader(str(tmp_path / "nothing"), threads=1)
    three = tiny_cross_encoder(tmp_path / "three", labels=3)
    with pytest.raises(PairReaderUnavailable, match="3 numbers"):
        CrossEncoderReader(str(three), threads=1)


def test_the_setting_none_reads_nothing() -> None:
    assert reader_id(NO_READER) == ""
    assert load_pair_reader(NO_READER, models_folder=Path("nowhere"), threads=1) is None


def test_the_shipped_adapter_loads_and_tells_pairs_apart() -> None:
    reader = load_pair_reader(BUNDLED_READER, models_folder=models_folder(), threads=1)
    assert reader is not None
    assert reader.model_id == reader_id(BUNDLED_READER) != BUNDLED_READER
    need = "放置された竹林の竹を伐って運び出し、資源として引き取ってくれる会社を探しています。"
    takes = "竹を引き取り、土壌改良材や家畜の敷料に加工します。年間500トンまで受け入れます。"
    other = "太陽光発電の設備を点検し、修理します。"
    found = reader.read([(need, takes), (need, other)])
    assert np.isfinite(found).all()
    assert found[0] != found[1]


def test_the_data_sheet_has_the_figures_of_the_shipped_adapter() -> None:
    sheet = (Path(__file__).parents[2] / "docs" / "pair-reader.md").read_text(encoding="utf-8")
    with safe_open(BUNDLED_ADAPTER, framework="np") as file:
        notes = file.metadata()
    for name in ("train, unseen needs", "dev", "real"):
        figures = ast.literal_eval(notes[name])
        row = " | ".join(f"{figures[each]:.4f}" for each in ("alone", "ranking", "mixed"))
        assert f"| {row} |" in sheet, name
    assert float(notes["weight"]) == BY_NAME[READING].expected


def test_a_fresh_adapter_changes_nothing(network: JointNetwork) -> None:
    before = pooled(network)
    handles = attach(network, fresh_adapter(network, seed=0))
    assert torch.equal(pooled(network), before)
    for handle in handles:
        handle.remove()


def test_both_texts_are_seen_together(network: JointNetwork) -> None:
    one, other = network.lower(["竹を炭にします。", "瓦を砕きます。"], OFFERING_PROMPT)
    with torch.no_grad():
        together = network.upper([one, one], [one, other])
    assert not torch.allclose(together[0, 0], together[1, 0], atol=1e-4)


def test_padding_changes_nothing(network: JointNetwork) -> None:
    texts = ["竹を炭にします。", "瓦を砕きます。" * 8]
    alone = [network.lower([text], OFFERING_PROMPT)[0] for text in texts]
    for row, tensor in zip(network.lower(texts, OFFERING_PROMPT), alone, strict=True):
        assert row.shape == tensor.shape
        assert torch.allclose(row.float(), tensor.float(), atol=0.1)


def test_an_adapter_reads_the_same_in_any_company(adapted: AdaptedPairReader) -> None:
    pairs = sample_pairs(3)
    found = adapted.read(pairs)
    assert np.allclose(found[::-1], adapted.read(pairs[::-1]), atol=0.05)
    assert np.allclose(found[:1], adapted.read(pairs[:1]), atol=0.05)
    assert found.dtype == np.float32
    assert adapted.read([]).shape == (0,)


def test_hostile_texts_are_read(adapted: AdaptedPairReader) -> None:
    posts = [OfferingFacts(id="1", title="竹", description=text) for text in HOSTILE]
    texts = [pair_text(post) for post in posts]
    found = adapted.read([(texts[0], text) for text in texts])
    assert np.isfinite(found).all()


def test_the_name_follows_the_file(adapter: Path, tmp_path: Path) -> None:
    assert reader_id(str(adapter)) == AdaptedPairReader(adapter, models_folder()).model_id
    other = tmp_path / "other.safetensors"
    tensors = load_adapter(adapter)
    save_adapter(other, {**tensors, BIAS: tensors[BIAS] + 1}, {})
    assert reader_id(str(other)) != reader_id(str(adapter))


def test_a_file_that_is_no_adapter_is_refused(adapter: Path, tmp_path: Path) -> None:
    whole = adapter.read_bytes()
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(whole[: len(whole) // 2])
    missing = tmp_path / "missing.safetensors"
    for path in (damaged, missing):
        with pytest.raises(PairReaderUnavailable):
            AdaptedPairReader(path, models_folder(), threads=1)
    tensors = load_adapter(adapter)
    del tensors[next(iter(tensors))]
    save_adapter(damaged, tensors, {})
    with pytest.raises(PairReaderUnavailable):
        AdaptedPairReader(damaged, models_folder(), threads=1)


def test_a_file_of_another_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    save_adapter(path, {HEAD: torch.zeros(3)}, {"layout": "another"})
    with pytest.raises(BadAdapter, match="layout"):
        load_adapter(path)


def test_an_untrained_reader_says_nothing_of_any_pair() -> None:
    reader = AdaptedPairReader(None, models_folder(), threads=1)
    assert reader.read(sample_pairs(2)).tolist() == [0.0, 0.0]


def test_texts_go_without_the_organisation_and_are_bounded() -> None:
    need = NeedFacts(
        id="1",
        title="青空町の竹",
        description="竹" * 9_000,
        further=(TextPart("background", "青空町です"),),
        organization="青空町",
    )
    text = pair_text(need)
    assert "青空町" not in text
    assert len(text) <= 2_000


def test_reading_is_timed(cross_encoder: Path) -> None:
    assert len(sample_pairs()) == PAIRS
    assert measure_reading(CrossEncoderReader(str(cross_encoder), threads=1)) > 0


def pooled(network: JointNetwork) -> torch.Tensor:
    one, other = network.lower(["竹を炭にします。", "瓦を砕きます。"], OFFERING_PROMPT)
    with torch.no_grad():
        return network.upper([one], [other])
