"""Commands that are carried out as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.floor.models import Floor, FloorPoll, FloorQuestion

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def whole(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Take back what ``command`` wrote when it refuses in the middle.

    A page that tells of the refusal and leads on (instead of answering with an error) commits; so
    the command itself has to leave nothing behind.
    """

    @wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            with db.session.begin_nested():
                return command(*args, **kwargs)
        except ProductError:
            _read_anew()
            raise

    return run


def _read_anew() -> None:
    """Forget what was read inside: it may show what has just been taken back."""
    for each in list(db.session.identity_map.values()):
        if isinstance(each, Floor | FloorQuestion | FloorPoll):
            db.session.expire(each)
