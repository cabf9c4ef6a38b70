"""The proposals of a call as a spreadsheet for the secretariat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from matchmaker.core.clock import JST
from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable, write_xlsx
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.files import files_of_many
from matchmaker.questions.models import AnswerFile
from matchmaker.questions.presentation import answer_cells, answer_columns
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals import queries
from matchmaker.working_groups.proposals.domain import HANDED_IN_STATES, PROPOSAL_STATES
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.service import SUBJECT_KIND

COLUMNS = (
    Column("受付番号", "提出の順に付く番号です。", "数", 10),
    Column("状態", "いまの状態です。", width=14),
    Column("件名", "提案の件名です。", width=40),
    Column("代表の団体", "代表する団体です。", width=28),
    Column("共同提案の団体", "いっしょに書いた団体です。", width=40),
    Column("受付の日時", "最後に提出された日時（日本時間）です。", "日時", 20),
)


def proposals_xlsx(call: Call, now: datetime) -> bytes:
    """All proposals of a call; answers of those that are handed in, drafts without text."""
    proposals = queries.proposals_of(call.id)
    questionnaire = Questionnaire.from_data(call.questions)
    files = files_of_many(SUBJECT_KIND, [each.id for each in proposals])
    table = OutTable(
        title="提案",
        columns=[*COLUMNS, *answer_columns(questionnaire)],
        rows=_rows(proposals, questionnaire, files),
        about=[
            ("公募", call.title),
            ("書き出した日時", format_moment(now)),
            ("件数", f"{len(proposals)}件"),
        ],
    )
    return write_xlsx(table)


def _rows(
    proposals: Sequence[Proposal], questionnaire: Questionnaire, files: dict[str, AnswerFile]
) -> Iterator[list[Cell]]:
    for proposal in proposals:
        handed_in = proposal.state in HANDED_IN_STATES
        answers = proposal.answers if handed_in else {}
        yield [*_facts(proposal), *answer_cells(questionnaire, answers, files)]


def _facts(proposal: Proposal) -> list[Cell]:
    at = proposal.submitted_at
    return [
        proposal.number,
        PROPOSAL_STATES.labels[proposal.state],
        proposal.title,
        proposal.lead_organization.name,
        "、".join(co_organizations(proposal)),
        at.astimezone(JST).replace(tzinfo=None) if at else None,
    ]


def co_organizations(proposal: Proposal) -> list[str]:
    """Names of the organisations beside the leading one, each once."""
    names = [
        author.organization.name
        for author in proposal.authors
        if author.accepted_at is not None
        and author.left_at is None
        and author.organization_id != proposal.lead_organization_id
    ]
    return list(dict.fromkeys(names))
