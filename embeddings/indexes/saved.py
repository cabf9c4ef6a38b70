"""One file of named arrays with a manifest: written at once or not at all, checked when read."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]

_MAGIC: Final = b"MEGURI-INDEX-1\n"
_LENGTH: Final = struct.Struct("<Q")
_MOST_HEADER: Final = 10_000_000
_ABANDONED_S: Final = 3600


class IndexMismatch(ValueError):
    """A saved index is damaged or was made from something else: rebuild it."""


def write_arrays(path: Path, manifest: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Write arrays and manifest.

    The file is written aside, brought to the disk and then takes the place of the old one, so that
    a process that dies in between leaves the old file whole. Where it cannot be written (a full
    disk, a folder that may not be written to), nothing is left of it.

    Args:
        path: its folder is made when missing; what a dead writer left there is removed later.
        manifest: JSON values that :func:`read_arrays` compares.
        arrays: numpy arrays by name.

    Raises:
        OSError: it cannot be written; the old file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    plain = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    header = json.dumps({"manifest": dict(manifest), "arrays": _described(plain)}).encode()
    start = _MAGIC + _LENGTH.pack(len(header)) + hashlib.sha256(header).digest() + header
    with replacing(path) as handle:
        handle.write(start)
        for values in plain.values():
            handle.write(_content(values))


def read_arrays(path: Path, expected: Mapping[str, Any]) -> tuple[dict[str, Any], Arrays]:
    """Read what :func:`write_arrays` wrote.

    Args:
        path: the file.
        expected: values that the manifest must have.

    Returns:
        Manifest and arrays.

    Raises:
        IndexMismatch: the file is missing, cut off or damaged, or its manifest differs.
    """
    try:
        with path.open("rb") as handle:
            header = _header(handle)
            for name, value in expected.items():
                if header["manifest"].get(name) != value:
                    raise IndexMismatch(f"the saved index has another {name}")
            arrays = {name: _array(handle, about) for name, about in header["arrays"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, IndexMismatch):
            raise
        raise IndexMismatch("there is no readable saved index") from error
    return header["manifest"], arrays


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file aside that takes the place of ``path`` at the end, or goes when that fails."""
    handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, before it is moved
        dir=path.parent, prefix=f".{path.name}.", delete=False
    )
    try:
        with handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        Path(handle.name).replace(path)
    except BaseException:
        Path(handle.name).unlink(missing_ok=True)
        raise


def _sweep(path: Path) -> None:
    """Remove what writers left that died; those at work have not been so for long."""
    for left in path.parent.glob(f".{path.name}.*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_S:
            left.unlink(missing_ok=True)


def _described(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    return {
        name: {
            "type": values.dtype.str,
            "shape": list(values.shape),
            "sha256": _digest(values),
        }
        for name, values in arrays.items()
    }


def _digest(values: npt.NDArray[Any]) -> str:
    return hashlib.sha256(_content(values)).hexdigest()


def _content(values: npt.NDArray[Any]) -> memoryview:
    """The bytes of an array without a copy."""
    return values.reshape(-1).view(np.uint8).data


def _header(handle: BufferedReader) -> dict[str, Any]:
    start = handle.read(len(_MAGIC) + _LENGTH.size + 32)
    if len(start) != len(_MAGIC) + _LENGTH.size + 32 or not start.startswith(_MAGIC):
        raise IndexMismatch("this is no saved index")
    (length,) = _LENGTH.unpack_from(start, len(_MAGIC))
    content = handle.read(min(length, _MOST_HEADER))
    if hashlib.sha256(content).digest() != start[-32:]:
        raise IndexMismatch("the saved index has another sha256 of its header")
    header: dict[str, Any] = json.loads(content)
    return header


def _array(handle: BufferedReader, about: Mapping[str, Any]) -> npt.NDArray[Any]:
    values = np.zeros(about["shape"], dtype=np.dtype(about["type"]))
    if handle.readinto(_content(values)) != values.nbytes:
        raise IndexMismatch("the saved index is cut off")
    if _digest(values) != about["sha256"]:
        raise IndexMismatch("the saved index has another sha256")
    return values
