"""``python -m embeddings bench-ranking|ablation|bench-speed``, for development."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from embeddings.ablation import render_ablation, run_ablation
from embeddings.bench_folder import BadBenchFolder, read_bench_folder
from embeddings.encoder import Encoder, EncoderUnavailable, SentenceTransformerEncoder
from embeddings.geography import load_geography
from embeddings.model_files import models_folder
from embeddings.ranking import Rules
from embeddings.ranking_bench import render_ranking_bench, run_ranking_bench
from embeddings.speed import render_speed_bench, run_speed_bench

_GEOGRAPHY = Path("seeds/reference/prefecture_adjacency.yaml")


def main() -> int:
    """Run the command named on the command line and return its exit status."""
    arguments = _parser().parse_args()
    try:
        result, text = _run(arguments)
    except BadBenchFolder as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False) if arguments.json else text)
    return 0


def _run(arguments: argparse.Namespace) -> tuple[dict[str, Any], str]:
    if arguments.command == "bench-speed":
        result = run_speed_bench(arguments.offerings)
        return result, render_speed_bench(result)
    rules = Rules(geography=load_geography(_GEOGRAPHY))
    # A bad folder is told before the seconds that the encoder takes.
    read_bench_folder(arguments.folder)
    encoder = _encoder(arguments.model)
    if arguments.command == "ablation":
        result = run_ablation(arguments.folder, encoder, rules)
        return result, render_ablation(result)
    result = run_ranking_bench(arguments.folder, encoder, rules)
    return result, render_ranking_bench(result)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embeddings")
    commands = parser.add_subparsers(dest="command", required=True)
    ranking = commands.add_parser("bench-ranking", help="measure the ranking on a judged folder")
    ablation = commands.add_parser("ablation", help="measure the ranking without each of its parts")
    for command in (ranking, ablation):
        command.add_argument("folder", type=Path)
        command.add_argument("--model", default="bundled", help="bundled, or a name or path")
    speed = commands.add_parser("bench-speed", help="measure how long a ranking takes")
    speed.add_argument("--offerings", type=int, default=10_000)
    for command in (ranking, ablation, speed):
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
