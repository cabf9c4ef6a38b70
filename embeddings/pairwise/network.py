"""The bundled encoder as a network that reads two texts together.

The lower layers read each text by itself, so that a text is read once however many partners it has;
the upper ones read both, one after the other, and see each in the light of the other. This is the
split of PreTTR (MacAvaney et al., SIGIR 2020, "Efficient Document Re-Ranking for Transformers by
Precomputing Term Representations"). Pooled over the tokens of each text, the result is two vectors,
which a linear head compares.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from embeddings.encoder import processor_has_bf16
from embeddings.pairwise.reader import MOST_TOKENS

if TYPE_CHECKING:
    from torch import Tensor

SPLIT: Final = 9
NEED_PROMPT: Final = "query: "
OFFERING_PROMPT: Final = "passage: "
_BATCH: Final = 32


class JointNetwork:
    """Layers and tokenizer of the bundled encoder.

    Args:
        folder: the unpacked checkpoint (:func:`embeddings.model_files.unpack_bundled_model`).
        threads: bound on the processor threads of torch.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        # Late, as everywhere: torch takes seconds, which a process that never reads must not pay.
        import torch  # noqa: PLC0415
        from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415
        from transformers.utils import logging as transformers_logging  # noqa: PLC0415

        torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._torch = torch
        self._tokenizer = AutoTokenizer.from_pretrained(str(folder))
        dtype = torch.bfloat16 if processor_has_bf16() else torch.float32
        self._model = AutoModel.from_pretrained(
            str(folder), dtype=dtype, add_pooling_layer=False, attn_implementation="sdpa"
        ).eval()
        self._model.requires_grad_(False)

    @property
    def dimension(self) -> int:
        """Length of the vector of a token."""
        return int(self._model.config.hidden_size)

    def module(self, name: str) -> Any:
        """Return a module of the encoder by its name in the checkpoint."""
        return self._model.get_submodule(name)

    def upper_modules(self) -> list[str]:
        """Return the names of the layers' attention projections that an adapter changes."""
        parts = (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
        )
        layers = range(SPLIT, len(self._model.encoder.layer))
        return [f"encoder.layer.{layer}.{part}" for layer in layers for part in parts]

    def lower(self, texts: Sequence[str], prompt: str) -> list[Tensor]:
        """Read texts by themselves.

        Args:
            texts: any texts; beyond half of the tokens of a pair they are cut.
            prompt: :data:`NEED_PROMPT` or :data:`OFFERING_PROMPT`.

        Returns:
            One tensor ``(tokens, dimension)`` a text.
        """
        with self._torch.inference_mode(mode=False), self._torch.no_grad():
            found: list[Tensor] = []
            for start in range(0, len(texts), _BATCH):
                found += self._lower([prompt + text for text in texts[start : start + _BATCH]])
        return found

    def _lower(self, texts: list[str]) -> list[Tensor]:
        encoded = self._tokenizer(
            texts,
            truncation=True,
            max_length=MOST_TOKENS // 2,
            padding=True,
            return_tensors="pt",
            return_token_type_ids=False,
        )
        mask = encoded["attention_mask"].bool()
        hidden = self._model.embeddings(input_ids=encoded["input_ids"])
        hidden = self._through(hidden, mask, 0, SPLIT)
        return [row[kept].clone() for row, kept in zip(hidden, mask, strict=True)]

    def upper(self, needs: Sequence[Tensor], offerings: Sequence[Tensor]) -> Tensor:
        """Read what :meth:`lower` gave of each pair together.

        Returns:
            Tensor ``(pairs, 2, dimension)`` of unit length: need and offering, each in the light
            of the other.
        """
        torch = self._torch
        joined = [torch.cat(pair) for pair in zip(needs, offerings, strict=True)]
        hidden = torch.nn.utils.rnn.pad_sequence(joined, batch_first=True)
        place = torch.arange(hidden.shape[1])[None]
        lengths = zip(map(len, needs), map(len, joined), strict=True)
        ends = torch.tensor(list(lengths))
        first, both = place < ends[:, :1], place < ends[:, 1:]
        hidden = self._through(hidden, both, SPLIT, len(self._model.encoder.layer)).float()
        pooled = [
            (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            for mask in (first, both & ~first)
        ]
        together: Tensor = torch.nn.functional.normalize(torch.stack(pooled, dim=1), dim=-1)
        return together

    def _through(self, hidden: Tensor, mask: Tensor, first: int, last: int) -> Tensor:
        """Run layers ``first`` to ``last``; padded places are seen by no other."""
        wide = mask[:, None, None, :]
        for layer in self._model.encoder.layer[first:last]:
            hidden = layer(hidden, wide)
            hidden = hidden[0] if isinstance(hidden, tuple) else hidden
        return hidden


def comparison(pooled: Tensor) -> Tensor:
    """Return what the head compares: products and distances, ``(pairs, 2 * dimension)``."""
    import torch  # noqa: PLC0415

    need, offering = pooled[:, 0], pooled[:, 1]
    scale = pooled.shape[-1] ** 0.5
    parts = need * offering * scale**2, (need - offering).abs() * scale
    compared: Tensor = torch.cat(parts, dim=1)
    return compared
