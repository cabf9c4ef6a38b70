"""How the web process is served: ``gunicorn -c gunicorn.conf.py wsgi:app``."""

from __future__ import annotations

from typing import Any

from config import Settings
from matchmaker.matching.setup import warm_up

settings = Settings()

bind = f"{settings.host}:{settings.port}"
worker_class = "gthread"
workers = settings.web_workers
threads = settings.web_threads
# Each process loads the application itself: PyTorch's threads do not survive a fork.
preload_app = False

# A request may wait for SQLite's write lock (15 s) and send an upload over a slow line.
timeout = 60
graceful_timeout = 30
keepalive = 5

limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 16_380

# The application writes one structured line per request itself.
accesslog = None
loglevel = settings.log_level.lower()
proc_name = "meguriawase"
# Its place is one for all services of a user; several installations must not share it.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Load the encoder and the index beside the first requests, not inside one of them."""
    warm_up(worker.wsgi)
