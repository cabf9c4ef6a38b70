"""``python -m embeddings train-pair-reader``: train an adapter and print what it is worth."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from embeddings.encoder import Encoder
from embeddings.model_files import models_folder, unpack_bundled_model
from embeddings.pairwise.adapter import save_adapter
from embeddings.pairwise.network import JointNetwork
from embeddings.pairwise.training import TrainingSettings
from embeddings.pairwise.trial import FOLDS, TrialPlan, run_trial
from embeddings.ranking import Rules

_JUDGED: Final = Path("seeds/judged")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, required=True, help="the adapter, *.safetensors")
    parser.add_argument("--train", type=Path, default=_JUDGED / "train")
    parser.add_argument(
        "--measure", type=Path, nargs="*", default=[_JUDGED / "dev", _JUDGED / "real"]
    )
    parser.add_argument("--folds", type=int, default=FOLDS, help="0: no cross-validation")
    parser.add_argument("--threads", type=int, default=1)
    for field in fields(TrainingSettings):
        option = f"--{field.name.replace('_', '-')}"
        parser.add_argument(option, type=type(field.default), default=field.default)


def train_pair_reader(
    arguments: argparse.Namespace, encoder: Encoder | None, rules: Rules
) -> dict[str, Any]:
    """Train, write the adapter and return the figures of :func:`run_trial`.

    Args:
        arguments: as :func:`add_arguments` declared them.
        encoder: for the ranking that the reading is mixed into.
        rules: of that ranking.

    Raises:
        BadBenchFolder: when a folder cannot be read.
    """
    settings = TrainingSettings(
        **{field.name: getattr(arguments, field.name) for field in fields(TrainingSettings)}
    )
    measured = {folder.name: folder for folder in arguments.measure}
    plan = TrialPlan(arguments.train, measured, settings, arguments.folds)
    network = JointNetwork(unpack_bundled_model(models_folder()), arguments.threads)
    tensors, figures = run_trial(plan, network, encoder, rules, _tell)
    notes = {name: str(value) for name, value in (*asdict(settings).items(), *figures.items())}
    save_adapter(arguments.out, tensors, notes)
    return figures


def render_figures(figures: Mapping[str, Any]) -> str:
    """Return the figures as a table to read."""
    lines = [
        f"{'nDCG@10':<20}{'reading':>9}{'ranking':>9}{'both':>9}   difference with 95 % interval"
    ]
    for name, found in figures.items():
        if isinstance(found, dict):
            difference, low, high = found["difference"]
            values = "".join(f"{found[key]:>9.4f}" for key in ("alone", "ranking", "mixed"))
            lines.append(f"{name:<20}{values}   {difference:+.4f} [{low:+.4f}, {high:+.4f}]")
    return "\n".join([*lines, f"weight of the reading: {figures['weight']}"])


def _tell(line: str) -> None:
    # The progress of a command that takes half an hour; the figures themselves go to the output.
    print(line, file=sys.stderr, flush=True)  # noqa: T201
