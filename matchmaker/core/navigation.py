"""Where people can go from every page: header, footer and the menu of a person.

Entries name endpoints, not features, so that this module depends on none of them; an entry whose
endpoint is not there yet is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for

from matchmaker.core.actor import Actor

Rule = Callable[[Actor], bool]


def _anybody(_actor: Actor) -> bool:
    return True


def _takes_part(actor: Actor) -> bool:
    """Who acts for an organisation, and the secretariat that helps them."""
    return bool(actor.roles) or actor.is_secretariat


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of a menu.

    Args:
        label: what people read, in Japanese.
        endpoint: the page it leads to.
        shown_to: whether the actor gets to see it.
        in_bar: whether it stands in the header's bar too, not in menus alone.
    """

    label: str
    endpoint: str
    shown_to: Rule = _anybody
    in_bar: bool = True

    @property
    def section(self) -> str:
        """The part of the site it belongs to: the blueprint's name."""
        return self.endpoint.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry ready for a page: ``current`` is ``page``, ``section`` or empty."""

    label: str
    url: str
    current: str
    in_bar: bool = True


HEADER = (
    NavigationItem("ニーズ", "needs.index"),
    NavigationItem("シーズ", "offerings.index"),
    NavigationItem("公募", "calls.index"),
    NavigationItem("WG", "working_groups.index"),
    NavigationItem("イベント", "regional_events.index"),
    NavigationItem("事例", "cases.index"),
    NavigationItem("会員", "organizations.index"),
    NavigationItem("使い方", "help.index"),
)
FOOTER = (
    NavigationItem("使い方", "help.index"),
    NavigationItem("事務局への問い合わせ", "help.contact"),
    NavigationItem("アクセシビリティ", "help.accessibility"),
    NavigationItem("利用規約", "help.terms"),
    NavigationItem("プライバシー", "help.privacy"),
    NavigationItem("出典とデータ", "help.sources"),
)
PERSONAL = (
    NavigationItem("マイページ", "dashboard.index", lambda actor: actor.is_signed_in),
    NavigationItem("紹介", "introductions.index", lambda actor: bool(actor.roles), in_bar=False),
    NavigationItem("話し合い", "matches.index", _takes_part, in_bar=False),
    NavigationItem("連合", "coalitions.index", _takes_part, in_bar=False),
    NavigationItem("座組", "consortia.index", _takes_part, in_bar=False),
    NavigationItem("実証", "pilots.index", _takes_part, in_bar=False),
    NavigationItem("審査", "reviews.index", lambda actor: actor.is_reviewer),
    NavigationItem("判定", "ledger.index", lambda actor: actor.is_reviewer),
    NavigationItem(
        "紹介の進行", "introduction_board.index", lambda actor: actor.is_secretariat, in_bar=False
    ),
    NavigationItem("事務局の画面", "secretariat.index", lambda actor: actor.is_secretariat),
)


def navigation(actor: Actor | None = None) -> list[Link]:
    """Main entries for the header."""
    return _links(HEADER, actor)


def footer_navigation(actor: Actor | None = None) -> list[Link]:
    """Entries for the foot of the page."""
    return _links(FOOTER, actor)


def personal_navigation(actor: Actor | None = None) -> list[Link]:
    """Entries only a person who signed in sees."""
    return _links(PERSONAL, actor)


def url_if_exists(endpoint: str, **values: Any) -> str | None:
    """Address of ``endpoint``, or None while no such page exists."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **values)


def url_with(**changes: Any) -> str:
    """The present address with some query values replaced; None takes a value away.

    Used by sorting, paging and filter links, so that a list keeps its filter in the address.

    Args:
        changes: query values; a list gives a repeated value.
    """
    query: dict[str, list[str]] = {key: request.args.getlist(key) for key in request.args}
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    values: dict[str, Any] = {**(request.view_args or {}), **query}
    return url_for(request.endpoint or "static", **values)


def _links(items: tuple[NavigationItem, ...], actor: Actor | None) -> list[Link]:
    actor = actor or Actor()
    present = [item for item in items if item.endpoint in current_app.view_functions]
    return [
        Link(item.label, url_for(item.endpoint), _current(item), item.in_bar)
        for item in present
        if item.shown_to(actor)
    ]


def _current(item: NavigationItem) -> str:
    endpoint = request.endpoint if has_request_context() else None
    if endpoint is None:
        return ""
    if endpoint == item.endpoint:
        return "page"
    is_same_section = endpoint.partition(".")[0] == item.section
    return "section" if is_same_section and item.endpoint.endswith(".index") else ""


def init_app(app: Flask) -> None:
    """Give templates the menus and the address functions."""
    app.jinja_env.globals.update(
        navigation=navigation,
        footer_navigation=footer_navigation,
        personal_navigation=personal_navigation,
        url_if_exists=url_if_exists,
        url_with=url_with,
    )
