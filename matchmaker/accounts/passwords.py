"""Password hashes: Argon2id with the strength OWASP asks for (19 MiB, two passes, one lane).

Source: OWASP Password Storage Cheat Sheet. The sign-in library is given the same parameters.
"""

from __future__ import annotations

from typing import Any

from passlib.context import CryptContext

from matchmaker.accounts.domain import normalized_password

OPTIONS: dict[str, Any] = {
    "argon2__type": "ID",
    "argon2__memory_cost": 19_456,
    "argon2__rounds": 2,
    "argon2__parallelism": 1,
}
_context = CryptContext(schemes=["argon2"], **OPTIONS)


def hashed(password: str) -> str:
    """Argon2id hash of the normalised password."""
    return str(_context.hash(normalized_password(password)))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash."""
    return password_hash is not None and bool(
        _context.verify(normalized_password(password), password_hash)
    )
