"""Errors that people may cause, with the Japanese message they read."""

from __future__ import annotations


class ProductError(Exception):
    """A request that cannot be carried out; ``message`` is shown to the person.

    Args:
        message: plain Japanese.
        field: name of the form field the message belongs to, if one.
    """

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(ProductError):
    """The actor may not do this; visitors are asked to sign in."""

    status = 403


class NotFound(ProductError):
    """There is no such thing, or the actor may not know of it."""

    status = 404

    def __init__(self, message: str = "お探しのページが見つかりません。") -> None:
        super().__init__(message)


class Conflict(ProductError):
    """Somebody else changed the thing in between, or the step is not possible any more."""

    status = 409


class IllegalMove(Conflict):
    """A state does not allow the wished step."""
