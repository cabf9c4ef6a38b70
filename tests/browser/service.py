"""The whole service as people meet it: real processes on a seeded database, for browser tests."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config import ROOT, Settings
from matchmaker.seeding.accounts import DOMAIN, demo_password

SECRET_KEY = "secret-key-of-the-browser-tests-0123456789abcdef"
PATIENCE = 120.0
MODELS = ROOT / "instance" / "models"


@dataclass(frozen=True, slots=True)
class Service:
    """A running service.

    Args:
        url: its address, without a trailing slash.
        folder: its instance folder, with the database, files and mail.
        password: of every demo account.
    """

    url: str
    folder: Path
    password: str

    @staticmethod
    def email(key: str) -> str:
        """Address of the demo account ``key`` (officer, startup, recycler, coordinator …)."""
        return f"{key}@{DOMAIN}"


def environment(folder: Path, port: int = 8000) -> dict[str, str]:
    """Environment of the service's processes: nothing of the tester's own settings counts."""
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    own = {
        "ENVIRONMENT": "development",
        "SECRET_KEY": SECRET_KEY,
        "INSTANCE_DIR": str(folder),
        "MODEL_DIR": str(MODELS),
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
    }
    return {**kept, **own}


def prepare_seeded_folder(shared: Path) -> Path:
    """Make an instance folder with all seed data indexed; parallel test processes share it.

    Args:
        shared: a folder that all test processes of this run know.
    """
    shared.mkdir(parents=True, exist_ok=True)
    folder = shared / "seeded"
    with (shared / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _flask(folder, "release")
            _flask(folder, "index", "update")
            (folder / "ready").touch()
    return folder


@contextmanager
def running(seeded: Path, folder: Path) -> Iterator[Service]:
    """Run web and worker on a copy of the seeded folder."""
    shutil.copytree(seeded, folder, dirs_exist_ok=True)
    port = _free_port()
    with (folder / "processes.log").open("wb") as log:
        web = _start(folder, port, log, "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")
        worker = _start(folder, port, log, "flask", "worker")
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, web, folder)
            yield Service(url, folder, demo_password(_settings(folder)))
            _require_alive(folder, web=web, worker=worker)
        finally:
            for process in (web, worker):
                process.send_signal(signal.SIGTERM)
            for process in (web, worker):
                _wait_for_end(process)


def _settings(folder: Path) -> Settings:
    return Settings(_env_file=None, secret_key=SECRET_KEY, instance_dir=folder)


def _flask(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "flask", *arguments]
    result = subprocess.run(
        command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise RuntimeError(f"flask {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")


def _start(folder: Path, port: int, log: IO[bytes], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment(folder, port),
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _wait_until_ready(url: str, web: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until pages can be served and the encoder is loaded or known to be missing."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and web.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310
                if json.load(answer)["checks"].get("encoder") != "loading":
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the service did not become ready:\n{_log(folder)}")


def _require_alive(folder: Path, **processes: subprocess.Popen[bytes]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with {process.returncode}:\n{_log(folder)}")


def _log(folder: Path) -> str:
    text = (folder / "processes.log").read_text(encoding="utf-8", errors="replace")
    return text[-4000:]


def _wait_for_end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
