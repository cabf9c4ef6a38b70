"""Who may open what: every route of the product with the status each role gets.

To add a route, add a line. The roles reader, editor and representative belong to the organisations
that own the things in the table; the stranger is an editor of another organisation. 401 stands for
being sent to the sign-in page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

VISITOR, READER, EDITOR, REPRESENTATIVE = "visitor", "reader", "editor", "representative"
STRANGER, REVIEWER, SECRETARIAT, OPERATOR = "stranger", "reviewer", "secretariat", "operator"
ROLES = (VISITOR, READER, EDITOR, REPRESENTATIVE, STRANGER, REVIEWER, SECRETARIAT, OPERATOR)
WRITERS = (EDITOR, REPRESENTATIVE)
OWNERS = (READER, *WRITERS)

Statuses = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One route.

    Args:
        method: GET or POST.
        endpoint: name of the view.
        statuses: expected status by role.
        values: values of the address's parameters: a name among the world's ids, or a value.
        data: what is posted.
    """

    method: str
    endpoint: str
    statuses: Statuses
    values: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name of the test."""
        words = [self.method, self.endpoint, *map(str, self.values.values())]
        return " ".join(words)


def everyone(status: int = 200) -> Statuses:
    """All roles get the same."""
    return dict.fromkeys(ROLES, status)


def signed_in(status: int = 200) -> Statuses:
    """Whoever is signed in; visitors are sent to sign in."""
    return {**everyone(status), VISITOR: 401}


def only(*roles: str, status: int = 200, others: int = 403) -> Statuses:
    """Some roles; other people who are signed in get ``others``."""
    return {**everyone(others), VISITOR: 401, **dict.fromkeys(roles, status)}


def hidden_except(*roles: str, status: int = 200) -> Statuses:
    """Some roles; to all others who are signed in the thing does not exist."""
    return only(*roles, status=status, others=404)


def get(endpoint: str, statuses: Statuses, **values: Any) -> Row:
    """A page."""
    return Row("GET", endpoint, statuses, values)


def post(
    endpoint: str, statuses: Statuses, data: Mapping[str, Any] | None = None, **values: Any
) -> Row:
    """A command."""
    return Row("POST", endpoint, statuses, values, data or {})


class Things(Protocol):
    """What a part of the table may use of the world: the ids of people and things by name."""

    ids: dict[str, Any]
