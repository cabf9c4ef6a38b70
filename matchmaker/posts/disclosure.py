"""Which stage each field has, told to those who write: 公開 → 会員 → 双方関心 → 成立."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from matchmaker.core.fields import FieldSpec
from matchmaker.posts.domain import STAGE_HINTS, Stage


def with_stage_hints(specs: Iterable[FieldSpec]) -> tuple[FieldSpec, ...]:
    """The fields, each that is not for everybody with a sentence that tells who will read it.

    Args:
        specs: the fields of one kind of post.
    """
    return tuple(
        spec
        if Stage(spec.stage) is Stage.PUBLIC
        else replace(spec, help=f"{spec.help}{STAGE_HINTS[Stage(spec.stage)]}")
        for spec in specs
    )
