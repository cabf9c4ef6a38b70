"""Filtered lists of posts: the filter lives in the URL, the statement says what it loads."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.datastructures import MultiDict

from embeddings.words import content_words
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.paging import PAGE_SIZE, Page, paginate
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.core.text import clean_line
from matchmaker.posts import queries
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.policy import STATES_SEEN_BY_ALL
from matchmaker.posts.types import PostType

MOST_QUERY_WORDS = 12
LONGEST_QUERY = 200
MOST_CHOICES = 50
QUANTITIES_FOR_MEMBERS = "量でのしぼり込みと並べかえは、会員がサインインすると使えます。"


class Sort(StrEnum):
    """Orders of a list."""

    NEWEST = "newest"
    EXPIRING = "expiring"
    LARGEST = "largest"
    UPDATED = "updated"


SORT_LABELS = {
    Sort.NEWEST: "新しい順",
    Sort.UPDATED: "更新された順",
    Sort.EXPIRING: "掲載の期限が近い順",
    Sort.LARGEST: "量の多い順",
}


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What a list is narrowed to; empty values do not narrow."""

    text: str = ""
    materials: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    prefectures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[PostState, ...] = ()
    tonnes_from: Decimal | None = None
    tonnes_to: Decimal | None = None
    organization_id: uuid.UUID | None = None
    only_own: bool = False
    sort: Sort = Sort.NEWEST
    view: str = "table"
    problems: tuple[str, ...] = field(default=())

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> PostFilter:
        """Read a filter from a URL; what cannot be read is left out and told in ``problems``."""
        problems: list[str] = []
        return cls(
            text=clean_line(args.get("q", ""))[:LONGEST_QUERY],
            materials=_codes(args, "material"),
            methods=_codes(args, "method"),
            prefectures=tuple(p for p in _codes(args, "prefecture") if p in PREFECTURES),
            kinds=_codes(args, "kind"),
            states=_states(args),
            tonnes_from=_tonnes(args, "tonnes_from", problems),
            tonnes_to=_tonnes(args, "tonnes_to", problems),
            organization_id=_uuid(args.get("organization", "")),
            only_own=args.get("mine") == "1",
            sort=_sort(args.get("sort", "")),
            view="map" if args.get("view") == "map" else "table",
            problems=tuple(problems),
        )

    def for_reader(self, post_type: PostType, actor: Actor) -> PostFilter:
        """The filter as this reader may use it.

        Quantities of needs are for members: narrowing or sorting by them would let anybody read
        them back step by step.
        """
        if actor.is_member or post_type.kind is not PostKind.NEED:
            return self
        asked = (self.tonnes_from, self.tonnes_to) != (None, None) or self.sort is Sort.LARGEST
        told = (*self.problems, QUANTITIES_FOR_MEMBERS) if asked else self.problems
        sort = Sort.NEWEST if self.sort is Sort.LARGEST else self.sort
        return replace(self, tonnes_from=None, tonnes_to=None, sort=sort, problems=told)

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as it stands in a URL, without what is empty or usual."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [("material", code) for code in self.materials]
        pairs += [("method", code) for code in self.methods]
        pairs += [("prefecture", name) for name in self.prefectures]
        pairs += [("kind", code) for code in self.kinds]
        pairs += [("state", state.value) for state in self.states]
        for name, value in (("tonnes_from", self.tonnes_from), ("tonnes_to", self.tonnes_to)):
            pairs += [(name, f"{value:f}")] if value is not None else []
        pairs += [("organization", str(self.organization_id))] if self.organization_id else []
        pairs += [("mine", "1")] if self.only_own else []
        pairs += [("sort", self.sort.value)] if self.sort is not Sort.NEWEST else []
        pairs += [("view", "map")] if self.view == "map" else []
        return pairs

    def query_string(self, **changes: Any) -> str:
        """The filter with some parts changed, as the query of a URL."""
        return urlencode(replace(self, **changes).pairs())

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return bool(replace(self, sort=Sort.NEWEST, view="table").pairs())


def _codes(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in args.getlist(name)[:MOST_CHOICES] if v))


def _states(args: MultiDict[str, str]) -> tuple[PostState, ...]:
    known = {state.value for state in PostState}
    return tuple(PostState(value) for value in _codes(args, "state") if value in known)


def _sort(text: str) -> Sort:
    return Sort(text) if text in {sort.value for sort in Sort} else Sort.NEWEST


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _tonnes(args: MultiDict[str, str], name: str, problems: list[str]) -> Decimal | None:
    text = re.sub(r"[,\s]", "", clean_line(args.get(name, "")))
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value > Decimal(10) ** 9:
        problems.append(f"量「{text[:20]}」は数字として読めないため、しぼり込みに使っていません。")
        return None
    return value


def visible(post_type: PostType, actor: Actor) -> ColumnElement[bool] | None:
    """Condition for the posts the actor may see (as ``policy.can_view``), None for all of them."""
    if actor.is_secretariat:
        return None
    model = post_type.model
    shown: ColumnElement[bool] = model.state.in_(sorted(STATES_SEEN_BY_ALL))
    if not actor.is_member:
        return and_(shown, model.visibility == "public")
    if not actor.roles:
        return shown
    return or_(shown, model.organization_id.in_(list(actor.roles)))


def conditions(post_type: PostType, wanted: PostFilter, actor: Actor) -> list[ColumnElement[bool]]:
    """All conditions of a list: what may be seen, and what is wanted."""
    wanted = wanted.for_reader(post_type, actor)
    model = post_type.model
    allowed = visible(post_type, actor)
    found = [] if allowed is None else [allowed]
    if wanted.only_own:
        found.append(model.organization_id.in_(list(actor.roles)))
    elif not wanted.states:
        found.append(model.state == PostState.PUBLISHED)
    if wanted.states:
        found.append(model.state.in_(wanted.states))
    if wanted.prefectures:
        found.append(model.prefecture.in_(wanted.prefectures))
    if wanted.organization_id:
        found.append(model.organization_id == wanted.organization_id)
    found += _tag_conditions(post_type, wanted)
    found += _quantity_conditions(post_type, wanted)
    return found + _text_conditions(post_type, wanted.text)


def _tag_conditions(post_type: PostType, wanted: PostFilter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.materials:
        found.append(_tagged(post_type, post_type.material_facet, wanted.materials))
    if wanted.methods:
        found.append(_tagged(post_type, "circulation_methods", wanted.methods))
    if wanted.kinds and post_type.kind is PostKind.NEED:
        found.append(_tagged(post_type, "sought_kinds", wanted.kinds))
    elif wanted.kinds:
        found.append(post_type.model.kind.in_(wanted.kinds))
    return found


def _tagged(post_type: PostType, facet: str, codes: tuple[str, ...]) -> ColumnElement[bool]:
    tag = post_type.tag_model
    ids = select(tag.post_id).where(tag.facet == facet, tag.code.in_(codes))
    condition: ColumnElement[bool] = post_type.model.id.in_(ids)
    return condition


def quantity_columns(post_type: PostType) -> tuple[Any, Any]:
    """Columns of the lowest and highest tonnes a year."""
    model = post_type.model
    if post_type.kind is PostKind.NEED:
        return model.quantity_low_tonnes_per_year, model.quantity_high_tonnes_per_year
    return model.minimum_lot_tonnes_per_year, model.capacity_tonnes_per_year


def _quantity_conditions(post_type: PostType, wanted: PostFilter) -> list[ColumnElement[bool]]:
    low, high = quantity_columns(post_type)
    found: list[ColumnElement[bool]] = []
    if wanted.tonnes_from is not None:
        found.append(high >= wanted.tonnes_from)
    if wanted.tonnes_to is not None:
        found.append(func.coalesce(low, high) <= wanted.tonnes_to)
    return found


def _text_conditions(post_type: PostType, text: str) -> list[ColumnElement[bool]]:
    """Each content word must occur; text without any (numbers, signs) is looked for in titles."""
    if not text:
        return []
    model = post_type.model
    words = list(dict.fromkeys(content_words(text)))[:MOST_QUERY_WORDS]
    if not words:
        return [model.title.contains(text, autoescape=True)]
    return [model.search_text.contains(f" {word} ", autoescape=True) for word in words]


def list_query(post_type: PostType, wanted: PostFilter, actor: Actor) -> Select[Any]:
    """The statement of a list, ordered, with what its rows show."""
    model = post_type.model
    return (
        select(model)
        .where(*conditions(post_type, wanted, actor))
        .order_by(*_order(post_type, wanted.for_reader(post_type, actor).sort))
        .options(selectinload(model.tags), joinedload(model.organization))
    )


def _order(post_type: PostType, sort: Sort) -> tuple[Any, ...]:
    model = post_type.model
    _low, high = quantity_columns(post_type)
    first = {
        Sort.NEWEST: (model.published_at.desc(),),
        Sort.UPDATED: (model.updated_at.desc(),),
        Sort.EXPIRING: (model.valid_until.asc().nulls_last(),),
        Sort.LARGEST: (high.desc().nulls_last(),),
    }[sort]
    return (*first, model.id.desc())


def page_of(post_type: PostType, wanted: PostFilter, actor: Actor, number: int) -> Page[Any]:
    """One page of a list.

    The ids are sorted first and the rows of the page read afterwards: sorting whole rows of ten
    thousand posts takes several times as long.
    """
    if wanted.only_own and not actor.roles:
        return Page([], 1, PAGE_SIZE, 0)
    model = post_type.model
    ids = select(model.id).where(*conditions(post_type, wanted, actor))
    sort = wanted.for_reader(post_type, actor).sort
    page = paginate(ids.order_by(*_order(post_type, sort)), number)
    found = queries.get_many(post_type, page.items)
    return Page([found[id_] for id_ in page.items], page.number, page.size, page.total)


def counts_by_prefecture(
    post_type: PostType, wanted: PostFilter, actor: Actor
) -> Mapping[str, int]:
    """How many posts of the list stand in each prefecture, for the map and its table."""
    model = post_type.model
    query = (
        select(model.prefecture, func.count(model.id))
        .where(*conditions(post_type, wanted, actor), model.prefecture.is_not(None))
        .group_by(model.prefecture)
        .order_by(model.prefecture)
    )
    return {str(name): int(number) for name, number in db.session.execute(query)}
