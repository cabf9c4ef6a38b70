"""A small adapter (LoRA) and a linear head that turn the bundled encoder into a pair reader.

An adapter adds ``B @ A`` of rank :data:`RANK` to a weight matrix and leaves the matrix itself as it
is (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models"). It hangs on the modules
as a forward hook: nothing of the encoder is rewritten, and rounding to bfloat16 cannot swallow it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from safetensors import SafetensorError, safe_open

from embeddings.pairwise.network import JointNetwork, comparison

if TYPE_CHECKING:
    from torch import Tensor

RANK: Final = 8
SCALE: Final = 2.0
# The head: weights of what is compared, and where the log-odds begin.
HEAD: Final = "head.weight"
BIAS: Final = "head.bias"
LAYOUT: Final = "pair-reader-1"
_LAYOUT_KEY: Final = "layout"

Tensors = Mapping[str, "Tensor"]


class BadAdapter(ValueError):
    """The file is no adapter for this encoder."""


def fresh_adapter(network: JointNetwork, seed: int) -> dict[str, Tensor]:
    """Return an adapter that changes nothing yet, to be trained; without a head.

    Args:
        network: the encoder it is for.
        seed: of the random beginnings of ``A``; ``B`` begins with zeros.
    """
    import torch  # noqa: PLC0415 - takes seconds to load

    generator = torch.Generator().manual_seed(seed)
    found: dict[str, Tensor] = {}
    for name in network.upper_modules():
        rows, columns = network.module(name).weight.shape
        start = torch.randn(RANK, columns, generator=generator) / columns**0.5
        found[f"{name}.A"] = start.requires_grad_()
        found[f"{name}.B"] = torch.zeros(rows, RANK).requires_grad_()
    return found


def untrained_adapter(network: JointNetwork) -> dict[str, Tensor]:
    """Return an adapter whose head says 0 of every pair, to measure how long a reading takes."""
    import torch  # noqa: PLC0415 - takes seconds to load

    tensors = {name: tensor.detach() for name, tensor in fresh_adapter(network, seed=0).items()}
    return {**tensors, HEAD: torch.zeros(2 * network.dimension), BIAS: torch.tensor(0.0)}


def attach(network: JointNetwork, tensors: Tensors) -> list[Any]:
    """Let an adapter work on a network.

    Args:
        network: the network; it must carry no other adapter.
        tensors: ``A`` of shape ``(RANK, columns)`` and ``B`` of ``(rows, RANK)`` of each module.

    Returns:
        Handles, whose ``remove()`` takes the adapter off again.

    Raises:
        BadAdapter: when a tensor is missing or of another shape.
    """
    handles = []
    for name in network.upper_modules():
        module = network.module(name)
        down, up = _tensor(tensors, f"{name}.A"), _tensor(tensors, f"{name}.B")
        rows, columns = module.weight.shape
        if tuple(down.shape) != (RANK, columns) or tuple(up.shape) != (rows, RANK):
            raise BadAdapter(f"{name} of the adapter has another shape")
        handles.append(module.register_forward_hook(_hook(down, up)))
    return handles


def log_odds(tensors: Tensors, pooled: Tensor) -> Tensor:
    """Apply the head.

    Args:
        tensors: the adapter with its head.
        pooled: what :meth:`JointNetwork.upper` gave.

    Returns:
        Tensor ``(pairs,)``.
    """
    return comparison(pooled) @ _tensor(tensors, HEAD) + _tensor(tensors, BIAS)


def load_adapter(path: Path) -> dict[str, Tensor]:
    """Read an adapter with its head.

    Raises:
        BadAdapter: when the file is missing, damaged or of another layout.
    """
    try:
        with safe_open(path, framework="pt") as file:
            if (file.metadata() or {}).get(_LAYOUT_KEY) != LAYOUT:
                raise BadAdapter(f"{path.name} is of another layout")
            return {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise BadAdapter(f"{path.name} cannot be read: {error}") from error


def save_adapter(path: Path, tensors: Tensors, notes: Mapping[str, str]) -> None:
    """Write an adapter with its head, as 16-bit numbers.

    Args:
        path: the file to write; replaced in one step.
        tensors: the adapter with its head.
        notes: what to remember of its training.
    """
    # Late, for it loads torch.
    from safetensors.torch import save_file  # noqa: PLC0415

    half = {name: tensor.detach().half().contiguous() for name, tensor in tensors.items()}
    fresh = path.with_name(f".{path.name}.fresh")
    save_file(half, fresh, metadata={_LAYOUT_KEY: LAYOUT, **notes})
    fresh.replace(path)


def adapter_id(path: Path) -> str:
    """Return a name that changes with the file; one of its own for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        digest = "missing"
    return f"{LAYOUT}:{digest[:16]}"


def _tensor(tensors: Tensors, name: str) -> Tensor:
    if name not in tensors:
        raise BadAdapter(f"the adapter lacks {name}")
    return tensors[name]


def _hook(down: Tensor, up: Tensor) -> Any:
    def add(_module: Any, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        given = inputs[0]
        narrow = given @ down.T.to(given.dtype)
        return output + (narrow @ up.T.to(given.dtype)) * SCALE

    return add
