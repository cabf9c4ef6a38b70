"""What the list of calls is narrowed to, as it travels in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.core.text import clean_line
from matchmaker.working_groups.calls.domain import PHASE_LABELS, CallKind, Phase
from matchmaker.working_groups.calls.queries import PUBLIC_PHASES, CallFilter

TEXT_LENGTH = 100


def filter_from(values: Mapping[str, str], sees_all: bool) -> CallFilter:
    """The filter that a query string means; what is not known does not narrow."""
    phase, kind = values.get("phase", ""), values.get("kind", "")
    known = Phase(phase) if phase in [each.value for each in Phase] else None
    return CallFilter(
        phase=known if sees_all or known is not Phase.DRAFT else None,
        kind=CallKind(kind) if kind in [each.value for each in CallKind] else None,
        text=clean_line(values.get("q", ""))[:TEXT_LENGTH],
    )


def phase_choices(
    wanted: CallFilter, counts: Mapping[Phase, int], sees_all: bool
) -> list[dict[str, Any]]:
    """Entries for switching the phase; phases without any call are left out, the chosen one not."""
    order = (*PUBLIC_PHASES, Phase.DRAFT) if sees_all else PUBLIC_PHASES
    shown = [each for each in order if counts[each] or each is wanted.phase]
    every = {"label": "すべて", "value": None, "count": sum(counts[each] for each in order)}
    return [
        every,
        *({"label": PHASE_LABELS[p], "value": p.value, "count": counts[p]} for p in shown),
    ]
