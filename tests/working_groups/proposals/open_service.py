"""The service for the test of the last second: forms need no token, so that people are scripts."""

from __future__ import annotations

import os
from pathlib import Path

from matchmaker.app import create_app
from tests.conftest import make_settings

app = create_app(make_settings(Path(os.environ["INSTANCE_DIR"])))
app.config["WTF_CSRF_ENABLED"] = False
