"""What surveys are about: later features say here who takes part in their records."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.errors import NotFound

Allowed = Callable[[Actor, uuid.UUID], bool]
Names = Callable[[Sequence[uuid.UUID]], Mapping[uuid.UUID, str]]


def _no_names(_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    return {}


@dataclass(frozen=True, slots=True)
class SurveySubject:
    """How a kind of record can be asked about. Each function takes the record's id.

    Args:
        participants: people who are asked, and reminded; with an account each.
        can_answer: whether the actor took part.
        can_read_results: whether the actor organises it: writes surveys and reads results.
        label: what it is called, for pages and mails.
        url: path of its page.
        guest_names: names of people without an account who answered, by respondent.
    """

    participants: Callable[[uuid.UUID], Sequence[User]]
    can_answer: Allowed
    can_read_results: Allowed
    label: Callable[[uuid.UUID], str]
    url: Callable[[uuid.UUID], str]
    guest_names: Names = _no_names


_subjects: dict[str, SurveySubject] = {}


def register_subject(kind: str, subject: SurveySubject) -> None:
    """Let records of ``kind`` (``meetings:meeting``) be asked about."""
    _subjects[kind] = subject


def subject_of_kind(kind: str) -> SurveySubject:
    """How records of ``kind`` are asked about.

    Raises:
        NotFound: no feature registered that kind.
    """
    if kind not in _subjects:
        raise NotFound
    return _subjects[kind]
