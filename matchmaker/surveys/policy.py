"""Who may do what with a survey. Pure.

Who took part and who organises is said by the feature whose record the survey is about; see
``registry.py``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is to the subject of a survey.

    Args:
        takes_part: whether the person is asked.
        organizes: whether the person runs it.
    """

    takes_part: bool = False
    organizes: bool = False


def can_view(standing: Standing) -> bool:
    """Whether the person may know of the survey."""
    return standing.takes_part or standing.organizes


def can_answer(standing: Standing) -> bool:
    """Whether the person is asked."""
    return standing.takes_part


def can_edit(standing: Standing) -> bool:
    """Whether the person may write and change the survey."""
    return standing.organizes


def can_read_results(standing: Standing) -> bool:
    """Whether the person may read what was answered (as far as there are enough answers)."""
    return standing.organizes
