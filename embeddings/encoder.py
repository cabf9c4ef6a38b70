"""Turn texts into vectors with a sentence-transformers model."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import numpy.typing as npt

from embeddings.model_files import LAYOUT_VERSION, ModelFilesMissing, unpack_bundled_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

BUNDLED_MODEL: Final = "bundled"
_BUNDLED_ID: Final = f"intfloat/multilingual-e5-small#q4-{LAYOUT_VERSION}"
_BATCH: Final = 32


class EncoderUnavailable(RuntimeError):
    """The encoder cannot be loaded; rank by words alone until it can."""


class Encoder(Protocol):
    """What the ranking needs of an encoder.

    ``encode_queries`` is for the side that searches, ``encode_documents`` for the side that is
    found. Both return one row a text, of unit length; an empty list gives shape ``(0, d)``.
    """

    @property
    def model_id(self) -> str:
        """Name that changes whenever vectors are no longer comparable."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of the searching side; shape ``(len(texts), dimension)``."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of the side that is found; shape ``(len(texts), dimension)``."""


class SentenceTransformerEncoder:
    """An encoder on sentence-transformers: the bundled model or any other by name or path.

    Args:
        model: ``"bundled"``, or a name or path that ``SentenceTransformer`` understands.
        models_folder: where the bundled model is unpacked; used for ``"bundled"`` only.
        threads: bound on the processor threads of torch. Unbounded, OpenMP's waiting threads
            multiply latencies as soon as another process wants the processor.

    Raises:
        EncoderUnavailable: when the model cannot be loaded for whatever reason.

    Example:
        >>> encoder = SentenceTransformerEncoder(models_folder=Path("instance/models"))
        >>> encoder.encode_queries(["紙おむつを再生したい"]).shape
        (1, 384)
    """

    def __init__(
        self,
        model: str = BUNDLED_MODEL,
        *,
        models_folder: Path = Path("instance/models"),
        threads: int | None = None,
    ) -> None:
        self._lock = threading.Lock()
        try:
            source, self._model_id = _locate(model, models_folder)
            self._model = _load(source, threads or min(2, os.cpu_count() or 1))
            self._query_prompt, self._document_prompt = prompts_for(model, self._model.prompts)
            self._dimension = int(self._encode(["調べ"], self._query_prompt).shape[1])
        except Exception as error:
            # Whatever goes wrong here (no package, no memory, no network, a broken file), the
            # service must start and rank by words.
            raise EncoderUnavailable(f"cannot load encoder {model!r}: {error}") from error

    @property
    def model_id(self) -> str:
        """Name of the model; vectors of different ids must not be compared."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of the searching side.

        Args:
            texts: any texts; what exceeds the model's window (512 tokens) is ignored.

        Returns:
            float32 array ``(len(texts), dimension)`` with rows of unit length.
        """
        return self._encode(texts, self._query_prompt)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of the side that is found; like :meth:`encode_queries`."""
        return self._encode(texts, self._document_prompt)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has for this model, its start and end included."""
        return len(self._model.tokenizer(text)["input_ids"])

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        with self._lock:
            raw = self._model.encode(
                [prompt + _encodable(text) for text in texts],
                prompt="",
                batch_size=_BATCH,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return unit_rows(np.asarray(raw, dtype=np.float32))


def prompts_for(model: str, declared: Mapping[str, str | None]) -> tuple[str, str]:
    """Return the prompts of a model for the searching and the found side.

    Args:
        model: name or path of the model, or ``"bundled"``.
        declared: prompts in the model's own configuration; they win when there are any.
    """
    own = {name: text for name, text in declared.items() if text}
    if own:
        return own.get("query", ""), own.get("document") or own.get("passage") or ""
    # The e5 family is trained with these words but its checkpoints do not declare them.
    is_e5 = model == BUNDLED_MODEL or "e5" in Path(model).name.lower().split("-")
    return ("query: ", "passage: ") if is_e5 else ("", "")


def unit_rows(vectors: Vectors) -> Vectors:
    """Scale each row to length one; rows of zeros stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _encodable(text: str) -> str:
    # A half of a surrogate pair, as JSON may bring it, is no text to a tokenizer.
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _locate(model: str, models_folder: Path) -> tuple[str, str]:
    if model != BUNDLED_MODEL:
        return model, model
    try:
        return str(unpack_bundled_model(models_folder)), _BUNDLED_ID
    except (ModelFilesMissing, OSError) as error:
        raise EncoderUnavailable(str(error)) from error


def _load(source: str, threads: int) -> SentenceTransformer:
    # Read by OpenMP when torch is loaded: threads that wait must not spin, or a second busy
    # process multiplies every latency.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # Imported here because torch takes seconds and hundreds of megabytes, which a process that
    # never encodes must not pay.
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    torch.set_num_threads(threads)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    dtype = torch.bfloat16 if processor_has_bf16() else torch.float32
    return SentenceTransformer(source, device="cpu", model_kwargs={"dtype": dtype})


def processor_has_bf16() -> bool:
    """Tell whether the processor multiplies bfloat16 itself (AVX-512 BF16, AMX or Arm's BF16).

    Without that, bfloat16 is emulated and slower than float32.
    """
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    lines = [line for line in text.splitlines() if line.startswith(("flags", "Features"))]
    flags = set(lines[0].partition(":")[2].split()) if lines else set()
    return bool(flags & {"avx512_bf16", "amx_bf16", "bf16"})
