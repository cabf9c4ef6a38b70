"""What all applications of a test run have in common is worked out once.

Nearly every test makes an application of its own, with the same seven hundred addresses and the
same templates; working them out anew took most of the time of all tests.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class RememberingRule(Rule):
    """A rule that takes over what an equal rule of an earlier application was compiled to.

    What it is compiled to follows from the address and its defaults alone; the functions that build
    an address are bound to the rule that uses them.
    """

    _compiled: dict[tuple[Any, ...], Rule] = {}  # noqa: RUF012 - Rule has no room for a ClassVar

    def compile(self) -> None:
        """As werkzeug does, or from an equal rule."""
        defaults = tuple(sorted((key, repr(value)) for key, value in (self.defaults or {}).items()))
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, defaults)
        known = self._compiled.get(key)
        if known is None:
            super().compile()
            self._compiled[key] = self
            return
        self._parts, self._trace = known._parts, known._trace
        self._converters = known._converters
        self.arguments = known.arguments
        self._build = known._build.__func__.__get__(self, None)  # type: ignore[attr-defined]
        self._build_unknown = known._build_unknown.__func__.__get__(self, None)  # type: ignore[attr-defined]


class RememberedTemplates(BytecodeCache):
    """The code of templates, kept as long as their text stays the same."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template, if it was compiled before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code
