"""Addresses whose builders are compiled once for all applications of a test run.

werkzeug compiles two functions for each address of each application. Nearly every test makes an
application of its own with the same seven hundred addresses, which took most of its time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_builders: dict[tuple[Any, ...], Builder] = {}


class RememberingRule(Rule):
    """A rule whose builders are taken over from an equal rule of another application.

    A builder is a plain function of the rule it is bound to: what it does follows from the pieces
    of the address and the defaults alone.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        defaults = tuple(sorted((key, repr(value)) for key, value in (self.defaults or {}).items()))
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]
