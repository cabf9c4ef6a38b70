"""``python -m embeddings COMMAND``, for development: benches, ablation and training."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from embeddings.ablation import render_ablation, run_ablation
from embeddings.bench_folder import BadBenchFolder, read_bench_folder
from embeddings.encoder import (
    BUNDLED_MODEL,
    Encoder,
    EncoderUnavailable,
    SentenceTransformerEncoder,
)
from embeddings.geography import load_geography
from embeddings.learning.shipping import render_training, train_shipped, write_model
from embeddings.model_files import models_folder
from embeddings.pairwise import command as pair_reader
from embeddings.partnership import BadParameters, PartnershipModel, read_model
from embeddings.ranking import Rules
from embeddings.ranking_bench import render_ranking_bench, run_ranking_bench
from embeddings.reading.thesaurus import load_thesaurus
from embeddings.speed import render_speed_bench, run_speed_bench

_GEOGRAPHY = Path("seeds/reference/prefecture_adjacency.yaml")
_VOCABULARY = Path("seeds/vocabulary")
_JUDGED = Path("seeds/judged")


def main() -> int:
    """Run the command named on the command line and return its exit status."""
    arguments = _parser().parse_args()
    try:
        result, text = _run(arguments)
    except (BadBenchFolder, BadParameters) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False) if arguments.json else text)
    return 0


def _run(arguments: argparse.Namespace) -> tuple[dict[str, Any], str]:
    if arguments.command == "bench-speed":
        result = run_speed_bench(arguments.offerings)
        return result, render_speed_bench(result)
    if arguments.command == "train-ranking":
        return _train(arguments.out)
    if arguments.command == "train-pair-reader":
        result = pair_reader.train_pair_reader(
            arguments, _encoder(arguments.encoder), _rules(arguments.model)
        )
        return result, pair_reader.render_figures(result)
    # A bad folder or file is told before the seconds that the encoder takes.
    read_bench_folder(arguments.folder)
    rules = _rules(arguments.model)
    encoder = _encoder(arguments.encoder)
    if arguments.command == "ablation":
        result = run_ablation(arguments.folder, encoder, rules)
        return result, render_ablation(result)
    result = run_ranking_bench(arguments.folder, encoder, rules)
    return result, render_ranking_bench(result)


def _train(out: Path | None) -> tuple[dict[str, Any], str]:
    encoder = SentenceTransformerEncoder(BUNDLED_MODEL, models_folder=models_folder())
    rules = _rules(None, PartnershipModel({}))
    model = train_shipped(_JUDGED, encoder, rules)
    if out is not None:
        write_model(model, out)
    return model.to_json(), render_training(model)


def _rules(parameters: Path | None, otherwise: PartnershipModel | None = None) -> Rules:
    model = read_model(parameters) if parameters else otherwise or PartnershipModel.shipped()
    return Rules(load_geography(_GEOGRAPHY), model, load_thesaurus(_VOCABULARY))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embeddings")
    commands = parser.add_subparsers(dest="command", required=True)
    ranking = commands.add_parser("bench-ranking", help="measure the ranking on a judged folder")
    ablation = commands.add_parser("ablation", help="measure the ranking without each of its parts")
    pairs = commands.add_parser("train-pair-reader", help="train an adapter that reads both texts")
    pair_reader.add_arguments(pairs)
    for command in (ranking, ablation):
        command.add_argument("folder", type=Path)
    for command in (ranking, ablation, pairs):
        command.add_argument("--encoder", default=BUNDLED_MODEL, help="bundled, or a name or path")
        command.add_argument("--model", type=Path, help="other parameters than the shipped ones")
    training = commands.add_parser("train-ranking", help="fit the shipped parameters anew")
    training.add_argument("--out", type=Path, help="write them to a file")
    speed = commands.add_parser("bench-speed", help="measure how long a ranking takes")
    speed.add_argument("--offerings", type=int, default=10_000)
    for command in (ranking, ablation, training, pairs, speed):
        command.add_argument("--json", action="store_true")
    return parser


def _encoder(model: str) -> Encoder | None:
    try:
        return SentenceTransformerEncoder(model, models_folder=models_folder())
    except EncoderUnavailable as error:
        print(f"{error}; ranking by words alone", file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main())
