"""The service as several real processes on one throw-away database, for figures over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import ROOT, Settings

PATIENCE_SECONDS = 120.0
END_SECONDS = 30.0
SECRET_KEY = "secret-key-of-the-figures-0123456789abcdef0123456789"  # noqa: S105 - throw-away


@dataclass(slots=True)
class Servers:
    """Web processes and a worker that share one instance folder.

    Args:
        folder: the instance folder.
        changes: settings by name that differ from the defaults.
        processes: number of web processes; each listens on a port of its own.
    """

    folder: Path
    changes: Mapping[str, str]
    processes: int
    urls: list[str] = field(default_factory=list)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Environment of the processes: nothing of the caller's own settings counts."""
        names = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name not in names}
        own = {
            "SECRET_KEY": SECRET_KEY,
            "INSTANCE_DIR": str(self.folder),
            "EMBEDDING_MODEL": "none",
            "ENVIRONMENT": "test",
            "LOG_LEVEL": "WARNING",
            "WEB_WORKERS": "1",
            "OMP_NUM_THREADS": "1",
        }
        return {**kept, **own, **self.changes}

    def settings(self) -> Settings:
        """The same settings for reading the database from here."""
        values: dict[str, Any] = {
            "secret_key": SECRET_KEY,
            "instance_dir": self.folder,
            "embedding_model": "none",
            "environment": "test",
            "log_level": "ERROR",
            **{key.lower(): value for key, value in self.changes.items()},
        }
        return Settings(_env_file=None, **values)

    def flask(self, *arguments: str) -> str:
        """Run a command of the service to its end and give back what it printed.

        Raises:
            RuntimeError: it failed.
        """
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(  # noqa: S603 - own program, own arguments
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"flask {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start the web processes (on the same ports as before, if any) and the worker."""
        ports = [int(url.rpartition(":")[2]) for url in self.urls] or _free_ports(self.processes)
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        web = [
            self._spawn(port, "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app") for port in ports
        ]
        worker = self._spawn(ports[0], "flask", "--app", "wsgi", "worker")
        self.running = [*web, worker]
        for url in self.urls:
            self._wait_until_ready(url)

    def kill(self) -> None:
        """End all processes at once, as a failing machine does (SIGKILL to each group)."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """End all processes in good order."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, number)
        for process in self.running:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(END_SECONDS)
        self.running = []

    def _spawn(self, port: int, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "processes.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - own program, own arguments
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**self.environment(), "PORT": str(port)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_until_ready(self, url: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self.running):
                break
            try:
                with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - own address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        log = (self.folder / "processes.log").read_text(errors="replace")
        raise RuntimeError(f"the service did not start:\n{log[-2000:]}")


@contextmanager
def served(processes: int, changes: Mapping[str, str] | None = None) -> Iterator[Servers]:
    """An instance folder with a migrated, empty database; nothing runs until ``start``.

    Args:
        processes: number of web processes.
        changes: settings by their names in the environment.
    """
    with tempfile.TemporaryDirectory() as folder:
        servers = Servers(Path(folder), changes or {}, processes)
        servers.flask("db", "upgrade")
        try:
            yield servers
        finally:
            servers.stop()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()
