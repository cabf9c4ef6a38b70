"""Who may see and do what, over HTTP: deny by default.

A view calls :func:`authorize` with the answer of a policy, or carries :func:`public`. One that
answers with success and did neither fails, and what it wrote is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import Unauthorized

from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.errors import NotAllowed, NotFound

View = TypeVar("View", bound=Callable[..., Any])
ActorProvider = Callable[[], Actor]
PROVIDER_KEY = "matchmaker.actor_provider"
FIRST_ERROR_STATUS = 400


class UnguardedView(RuntimeError):
    """A view answered without asking any policy."""


def set_actor_provider(app: Flask, provider: ActorProvider) -> None:
    """Tell where the actor of a request comes from (the accounts feature does so)."""
    app.extensions[PROVIDER_KEY] = provider


def current_actor() -> Actor:
    """The actor of this request, asked for once."""
    if "actor" not in g:
        provider: ActorProvider = current_app.extensions.get(PROVIDER_KEY, lambda: VISITOR)
        g.actor = provider()
    actor: Actor = g.actor
    return actor


def authorize(allowed: bool, *, hidden: bool = False) -> Actor:
    """Let the request go on only when the policy said yes.

    Args:
        allowed: the answer of a policy.
        hidden: whether the very existence is secret; then "not found" is answered.

    Returns:
        The actor, for handing on to a service.

    Raises:
        Unauthorized: nobody is signed in (the person is sent to sign in).
        NotAllowed: the person may not do this.
        NotFound: the person may not know of it.
    """
    actor = current_actor()
    if allowed:
        g.authorized = True
        return actor
    if not actor.is_signed_in:
        raise Unauthorized
    if hidden:
        raise NotFound
    raise NotAllowed("この操作をする権限がありません。")


def public(view: View) -> View:
    """Mark a view that anyone may open."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def exempt_blueprint(app: Flask, name: str) -> None:
    """Mark a library's blueprint whose views check access themselves."""
    app.extensions.setdefault("matchmaker.exempt", set()).add(name)


def is_exempt(app: Flask, endpoint: str) -> bool:
    """Whether ``endpoint`` answers without :func:`authorize`."""
    if endpoint == "static" or getattr(app.view_functions[endpoint], "is_public", False):
        return True
    blueprint = endpoint.rpartition(".")[0]
    return blueprint in app.extensions.get("matchmaker.exempt", set())


def require_guard(response: Response) -> None:
    """Raise :class:`UnguardedView` when a successful answer was given without a policy."""
    endpoint = request.endpoint
    if endpoint is None or response.status_code >= FIRST_ERROR_STATUS:
        return
    if not g.get("authorized", False) and not is_exempt(current_app, endpoint):
        raise UnguardedView(f"{endpoint} answered without authorize() or @public")


def init_app(app: Flask) -> None:
    """Forget the answer of an earlier request (``g`` may outlive one in tests)."""

    @app.before_request
    def reset() -> None:
        g.pop("actor", None)
        g.authorized = False
