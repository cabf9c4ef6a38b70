from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings import model_files
from embeddings.model_files import (
    MANIFEST,
    MODEL_FOLDER,
    ModelFilesMissing,
    checkpoint_name,
    is_whole,
    models_folder,
    unpack_bundled_model,
)
from embeddings.quantized_weights import DamagedWeights, QuantizedWeights, dequantize

UNPACK = (
    "import sys; from pathlib import Path; from embeddings.model_files import *;"
    "print(unpack_bundled_model(Path(sys.argv[1])))"
)


def test_two_processes_that_unpack_at_once_share_one_whole_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", UNPACK, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = {process.communicate(timeout=120)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert outputs == {str(tmp_path / MODEL_FOLDER)}
    assert is_whole(tmp_path / MODEL_FOLDER)
    assert not list(tmp_path.glob(".unpacking-*"))


def test_a_damaged_model_folder_is_written_anew(tmp_path: Path) -> None:
    folder = unpack_bundled_model(tmp_path)
    weights = folder / "model.safetensors"
    before = weights.stat()
    unpack_bundled_model(tmp_path)
    assert weights.stat().st_mtime_ns == before.st_mtime_ns, "a whole folder is left alone"
    with weights.open("r+b") as handle:
        # Same size, one byte changed in the middle.
        handle.seek(before.st_size // 2)
        byte = handle.read(1)
        handle.seek(-1, 1)
        handle.write(bytes([byte[0] ^ 0xFF]))
    assert not is_whole(folder)
    assert is_whole(unpack_bundled_model(tmp_path))
    assert weights.stat().st_size == before.st_size


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"layout": 1}', '{"layout": 0, "files": {}}', "null"]
)
def test_a_manifest_that_says_nothing_is_not_whole(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest)
    assert not is_whole(tmp_path)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "_WEIGHTS", ("no_such_package", "weights.bin"))
    with pytest.raises(ModelFilesMissing, match="no_such_package"):
        unpack_bundled_model(tmp_path)
    assert not (tmp_path / MODEL_FOLDER).exists()


def test_a_truncated_weight_file_is_refused(tmp_path: Path) -> None:
    source = model_files._packaged(*model_files._WEIGHTS)
    for size in (0, 3, 40, 100_000, 5_000_000):
        short = tmp_path / f"{size}.bin"
        with source.open("rb") as handle:
            short.write_bytes(handle.read(size))
        with pytest.raises(DamagedWeights):
            QuantizedWeights(short)


def test_four_bit_blocks_hold_low_nibbles_first() -> None:
    scale = np.array([0.5], dtype="<f2").tobytes()
    raw = scale + bytes([0x0F] + [0x88] * 14 + [0xF0])
    values = dequantize(raw, 32)
    assert values[0] == 3.5
    assert values[16] == -4.0
    assert values[15] == -4.0
    assert values[31] == 3.5
    assert not values[1:15].any()
    with pytest.raises(DamagedWeights):
        dequantize(raw[:-1], 32)


def test_names_are_those_of_a_bert_model() -> None:
    assert checkpoint_name("emb.ln.b") == "embeddings.LayerNorm.bias"
    assert checkpoint_name("l11.aln.w") == "encoder.layer.11.attention.output.LayerNorm.weight"


def test_the_models_folder_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MODEL_DIR", raising=False)
    assert models_folder() == Path("instance/models")
    monkeypatch.setenv("MODEL_DIR", "/srv/models")
    assert models_folder() == Path("/srv/models")


def test_the_manifest_lists_every_file() -> None:
    folder = unpack_bundled_model(models_folder())
    listed = json.loads((folder / MANIFEST).read_text())["files"]
    present = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert present == {*listed, MANIFEST}
