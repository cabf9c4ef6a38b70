"""Reads of documented cases."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload, undefer

from embeddings.words import content_words
from matchmaker.cases.domain import CaseFacet, CaseFilter, CaseOptions, CaseSort
from matchmaker.cases.models import CaseStudy, CaseTag
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, count, paginate
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.needs.models import Need, NeedTag
from matchmaker.posts.domain import LISTED_STATES

MATERIAL_WEIGHT, METHOD_WEIGHT = 2, 1
"""A shared material says more about likeness than a shared method: there are only eight methods."""


def case_of(case_id: uuid.UUID) -> CaseStudy:
    """One case with its codes.

    Raises:
        NotFound: there is no such case.
    """
    query = select(CaseStudy).where(CaseStudy.id == case_id).options(selectinload(CaseStudy.tags))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def case_with_key(key: str) -> CaseStudy | None:
    """The case that carries this key, with all its columns and codes."""
    query = (
        select(CaseStudy)
        .where(CaseStudy.key == key)
        .options(selectinload(CaseStudy.tags), undefer(CaseStudy.search_text))
    )
    return db.session.scalar(query)


def cases_page(wanted: CaseFilter, number: int) -> Page[CaseStudy]:
    """One page of the library (three statements)."""
    query = filtered(wanted).options(selectinload(CaseStudy.tags))
    return paginate(query.order_by(*_order(wanted.sort)), number)


def _order(sort: CaseSort) -> tuple[Any, ...]:
    unknown_last = CaseStudy.year.is_(None)
    if sort is CaseSort.OLDEST:
        return unknown_last, CaseStudy.year, CaseStudy.key
    if sort is CaseSort.PLACE:
        return CaseStudy.municipality_code, CaseStudy.key
    return unknown_last, CaseStudy.year.desc(), CaseStudy.key


def filtered(wanted: CaseFilter) -> Select[tuple[CaseStudy]]:
    """Statement for the cases that ``wanted`` lets through."""
    query = select(CaseStudy)
    for word in dict.fromkeys(content_words(wanted.text)) or wanted.text.split():
        query = query.where(CaseStudy.search_text.contains(f" {word} ", autoescape=True))
    for facet, codes in (
        (CaseFacet.MATERIALS, wanted.materials),
        (CaseFacet.METHODS, wanted.methods),
    ):
        if codes:
            query = query.where(CaseStudy.id.in_(_with_codes(facet, codes)))
    for column, values in (
        (CaseStudy.prefecture, wanted.prefectures),
        (CaseStudy.year, wanted.years),
        (CaseStudy.confidence, wanted.confidences),
    ):
        if values:
            query = query.where(column.in_(values))
    return query


def _with_codes(facet: CaseFacet, codes: Sequence[str]) -> Select[tuple[uuid.UUID]]:
    return select(CaseTag.case_id).where(CaseTag.facet == facet.value, CaseTag.code.in_(codes))


def counts_by_prefecture(wanted: CaseFilter) -> Mapping[str, int]:
    """Number of cases in each prefecture from north to south, whichever one is chosen."""
    query = filtered(replace(wanted, prefectures=()))
    found = _counted(query, CaseStudy.prefecture)
    return {name: found[name] for name in PREFECTURES if name in found}


def _counted(query: Select[Any], column: InstrumentedAttribute[Any]) -> dict[Any, int]:
    counting = query.with_only_columns(column, func.count()).group_by(column).order_by(column)
    return {value: number for value, number in db.session.execute(counting) if value is not None}


def options() -> CaseOptions:
    """Entries of the filter with the number of cases each has in the whole library."""
    query = (
        select(CaseTag.facet, CaseTag.code, func.count())
        .group_by(CaseTag.facet, CaseTag.code)
        .order_by(CaseTag.facet, func.count().desc(), CaseTag.code)
    )
    by_facet: dict[str, dict[str, int]] = {facet.value: {} for facet in CaseFacet}
    for facet, code, number in db.session.execute(query):
        by_facet[facet][code] = number
    years = _counted(select(CaseStudy), CaseStudy.year)
    return CaseOptions(
        materials=by_facet[CaseFacet.MATERIALS],
        methods=by_facet[CaseFacet.METHODS],
        prefectures=counts_by_prefecture(CaseFilter()),
        years={year: years[year] for year in sorted(years, reverse=True)},
        confidences=_counted(select(CaseStudy), CaseStudy.confidence),
    )


def number_of_cases() -> int:
    """How many cases the library has."""
    return count(select(CaseStudy))


def newest_cases(limit: int) -> Sequence[CaseStudy]:
    """The most recent cases with their codes."""
    query = select(CaseStudy).options(selectinload(CaseStudy.tags))
    return db.session.scalars(query.order_by(*_order(CaseSort.NEWEST)).limit(limit)).all()


def similar_cases(subject: CaseStudy, limit: int = 4) -> Sequence[CaseStudy]:
    """Cases that share most materials and methods with ``subject``, most alike first."""
    return cases_like(subject.materials, subject.methods, limit, subject.id)


def cases_like(
    materials: Sequence[str],
    methods: Sequence[str],
    limit: int = 4,
    except_id: uuid.UUID | None = None,
) -> Sequence[CaseStudy]:
    """Cases that share most of the given codes, most alike first, then the newest.

    Args:
        materials: codes of materials.
        methods: codes of circulation methods.
        limit: at most so many.
        except_id: a case to leave out.
    """
    weight = sql_case(
        (CaseTag.facet == CaseFacet.MATERIALS.value, MATERIAL_WEIGHT), else_=METHOD_WEIGHT
    )
    likeness = func.sum(weight)
    shared = (
        select(CaseTag.case_id, likeness.label("likeness"))
        .where(
            or_(
                and_(CaseTag.facet == CaseFacet.MATERIALS.value, CaseTag.code.in_(materials)),
                and_(CaseTag.facet == CaseFacet.METHODS.value, CaseTag.code.in_(methods)),
            ),
            CaseTag.case_id.is_distinct_from(except_id),
        )
        .group_by(CaseTag.case_id)
        .subquery()
    )
    query = (
        select(CaseStudy)
        .join(shared, shared.c.case_id == CaseStudy.id)
        .options(selectinload(CaseStudy.tags))
        .order_by(shared.c.likeness.desc(), *_order(CaseSort.NEWEST))
        .limit(limit)
    )
    return db.session.scalars(query).all()


def open_needs_of(materials: Sequence[str], actor: Actor, limit: int = 4) -> Sequence[Need]:
    """Published needs about one of the materials that ``actor`` may see, newest first."""
    if not materials:
        return []
    tagged = select(NeedTag.post_id).where(
        NeedTag.facet == "materials", NeedTag.code.in_(materials)
    )
    query = (
        select(Need)
        .where(Need.state.in_(LISTED_STATES), Need.id.in_(tagged))
        .options(joinedload(Need.organization))
    )
    if not actor.is_member:
        query = query.where(Need.visibility == "public")
    ordered = query.order_by(Need.published_at.desc(), Need.id).limit(limit)
    return db.session.scalars(ordered).all()
