"""What still stands in the way of a release, and the list of results that everybody reads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.working_groups.calls.content import BODY_LENGTH
from matchmaker.working_groups.calls.domain import Phase
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.reviews import decision_queries as queries
from matchmaker.working_groups.reviews.decision_queries import DecisionRow
from matchmaker.working_groups.reviews.domain import DecisionState

SHUT = frozenset({Phase.CLOSED, Phase.DECIDED})
NOTHING_ADOPTED = "採択された提案はありませんでした。"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way of a release.

    Args:
        text: what, in Japanese.
        proposal_id: the proposal it is about, if one.
        name: how the proposal is called.
    """

    text: str
    proposal_id: uuid.UUID | None = None
    name: str = ""


def blockers_of(call: Call, now: datetime) -> list[Blocker]:
    """Everything that has to be done before the decisions of a call can be released."""
    if call.phase(now) not in SHUT:
        return [Blocker("公募の受付がまだ終わっていません。")]
    rows = [row for row in queries.decision_rows(call.id) if row.is_waiting and not row.is_ready]
    found = [Blocker(_missing(row), row.proposal_id, proposal_name(row)) for row in rows]
    for proposal_id, title, until in queries.still_writing(call.id, now):
        text = f"提出期限が{format_moment(until)}まで延びています。"
        found.append(Blocker(text, proposal_id, f"「{title}」"))
    return found


def _missing(row: DecisionRow) -> str:
    if row.decision_id is None:
        return "決定の案がまだありません。"
    if row.decision_state is DecisionState.RELEASED:
        return "再提出されました。あらためて決定の案を作ってください。"
    return "ほかの人の確認がまだです。"


def proposal_name(row: DecisionRow) -> str:
    """Number of receipt and title."""
    return f"受付{row.number}「{row.title}」" if row.number else f"「{row.title}」"


def outcome_text(adopted: Sequence[tuple[str, str]]) -> str:
    """The public list of results: titles and leading organisations of what was adopted.

    It never grows beyond what the page of a call takes; then it says how many are left out.
    """
    if not adopted:
        return NOTHING_ADOPTED
    lines = [f"採択：{len(adopted)}件"]
    room = BODY_LENGTH - 100
    for number, (title, organization) in enumerate(adopted):
        line = f"・{title}（代表：{organization}）"
        room -= len(line) + 1
        if room < 0:
            lines.append(f"ほか{len(adopted) - number}件")
            break
        lines.append(line)
    return "\n".join(lines)
