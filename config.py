"""Settings of the service, read from the environment (and ``.env`` beside it) and nowhere else.

Every setting is listed with its meaning in ``docs/configuration.md`` and ``.env.example``; a test
compares the three.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET_KEY = 32
ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """All that may differ between one installation and another."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    environment: Literal["development", "test", "production"] = Field(
        "development", description="production turns on HTTPS-only cookies, HSTS and required 2FA"
    )
    secret_key: str = Field(
        "", description="Signs sessions and links; empty: made once and kept in the instance folder"
    )
    instance_dir: Path = Field(
        ROOT / "instance", description="Folder of the database, uploaded files, model and caches"
    )
    database_url: str = Field(
        "", description="SQLAlchemy address; empty: SQLite in the instance folder"
    )
    host: str = Field("127.0.0.1", description="Address the web process listens on")
    port: int = Field(8000, ge=1, le=65535, description="Port the web process listens on")
    public_url: str = Field(
        "", description="Address people use, for links in mail; empty: http://HOST:PORT"
    )
    web_workers: int = Field(1, ge=1, le=32, description="Number of gunicorn web processes")
    web_threads: int = Field(4, ge=1, le=64, description="Threads of each web process")
    trusted_proxies: int = Field(
        0, ge=0, le=5, description="Reverse proxies whose X-Forwarded headers are believed"
    )

    embedding_model: str = Field(
        "bundled",
        description="'bundled' (multilingual-e5-small), any sentence-transformers model, or 'none'",
    )
    model_dir: Path | None = Field(
        None, description="Where the bundled model is unpacked; empty: models/ in INSTANCE_DIR"
    )
    encoder_threads: int = Field(2, ge=1, le=32, description="Threads the encoder may use")
    pair_reader: str = Field(
        "none",
        max_length=200,
        description="Reads both texts of a pair: 'none', 'bundled', a cross-encoder or an adapter",
    )

    smtp_host: str = Field("", description="Mail server; empty: mail is written to files")
    smtp_port: int = Field(25, ge=1, le=65535, description="Port of the mail server")
    smtp_user: str = Field("", description="User name at the mail server, if it asks")
    smtp_password: str = Field("", description="Password at the mail server")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "none", description="How the connection to the mail server is protected"
    )
    mail_from: str = Field(
        "めぐりあわせ事務局 <no-reply@meguriawase.example>", description="Sender of all mail"
    )

    auto_publish_trusted: bool = Field(
        False, description="Posts of trusted organisations are published without review"
    )
    require_two_factor: bool = Field(
        False, description="The secretariat must sign in with TOTP (always so in production)"
    )
    login_max_failures: int = Field(
        10, ge=1, le=100, description="Failed sign-ins in a row before an account is locked"
    )
    login_lock_minutes: int = Field(
        15, ge=1, le=1440, description="How long a locked account stays locked"
    )
    session_hours: int = Field(
        12, ge=1, le=336, description="Hours without activity after which a session ends"
    )
    max_upload_mb: int = Field(20, ge=1, le=200, description="Largest upload of one request")
    log_format: Literal["json", "text"] = Field("json", description="Form of the log lines")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least important log line that is written"
    )
    redis_url: str = Field(
        "", description="Shared counter of the rate limits; empty: counted per process"
    )

    @model_validator(mode="after")
    def _production_is_explicit(self) -> Self:
        if self.environment == "production" and len(self.secret_key) < SHORTEST_SECRET_KEY:
            raise ValueError("SECRET_KEY of at least 32 characters is required in production")
        return self

    @property
    def is_production(self) -> bool:
        """Whether this installation serves real people."""
        return self.environment == "production"

    @property
    def shows_developer_pages(self) -> bool:
        """Whether the mail page and the component gallery may be opened."""
        return self.environment == "development"

    def resolved_database_url(self) -> str:
        """Address of the database, SQLite in the instance folder unless set."""
        return self.database_url or f"sqlite:///{self.instance_dir / 'meguriawase.db'}"

    def resolved_model_dir(self) -> Path:
        """Folder that holds unpacked models."""
        return self.model_dir or self.instance_dir / "models"

    def resolved_public_url(self) -> str:
        """Address of the service as people type it, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def resolved_secret_key(self) -> str:
        """The secret key; outside production one is made once and kept in the instance folder."""
        if self.secret_key:
            return self.secret_key
        path = self.instance_dir / "secret_key"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
            path.chmod(0o600)
        except FileExistsError:
            pass
        return path.read_text(encoding="ascii")
