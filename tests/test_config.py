"""Settings: bounds, defaults, and the documents that list them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from config import ROOT, Settings
from tests.conftest import make_settings

NAMES = {name.upper() for name in Settings.model_fields}


def test_the_configuration_page_lists_every_setting_and_no_other() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert set(rows) == NAMES


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))
    assert set(listed) == NAMES
    uncommented = {name.lower(): value for name, value in listed.items() if value}
    uncommented["instance_dir"] = str(ROOT / uncommented["instance_dir"])
    assert Settings(_env_file=None, **uncommented) == defaults()


def test_every_setting_says_what_it_means() -> None:
    without = [name for name, field in Settings.model_fields.items() if not field.description]
    assert without == []


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=8100\nHOST=0.0.0.0\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "8200")
    settings = Settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 8200)  # noqa: S104 - only read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "eighty"),
        ("web_workers", "0"),
        ("environment", "staging"),
        ("smtp_security", "ssl"),
        ("session_hours", "100000"),
        ("max_upload_mb", "-1"),
    ],
)
def test_a_value_out_of_bounds_is_refused_and_named(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings(_env_file=None, **{name: value})  # type: ignore[arg-type]


def test_production_needs_a_long_secret_key() -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Settings(_env_file=None, environment="production", secret_key="short")


def test_outside_production_a_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = make_settings(tmp_path, secret_key="").resolved_secret_key()
    assert len(first) >= 32
    assert make_settings(tmp_path, secret_key="").resolved_secret_key() == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_only_a_development_installation_shows_developer_pages(tmp_path: Path) -> None:
    shown = [
        make_settings(tmp_path, environment=name).shows_developer_pages
        for name in ("development", "test", "production")
    ]
    assert shown == [True, False, False]


def defaults() -> Settings:
    values = {name: field.default for name, field in Settings.model_fields.items()}
    return Settings(_env_file=None, **values)
