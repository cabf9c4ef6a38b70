"""Reads of versions, requests and comparisons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from embeddings.partnership import BadParameters, PartnershipModel
from embeddings.prospects import Band
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.paging import Page, paginate
from matchmaker.matching.live import live_version, serving_model
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases.domain import OPEN_REQUESTS, SHIPPED_NUMBER, RequestKind
from matchmaker.matching.releases.models import RankingComparison, RankingRequest

SHIPPED_FIGURES = Path(__file__).with_name("shipped_figures.json")
"""Figures of the shipped parameters, written by ``flask ranking report --write``."""
REQUESTS_SHOWN = 5
COMPARISONS_SHOWN = 14
VERSIONS_LISTED = 200
UNREADABLE = (
    "版{number}は、いまのシステムでは読めない形です。使うことも、比べることもできません。"
    "新しい版を作ってください。"
)


def live_number() -> int:
    """Number of the version in use."""
    version = live_version()
    return version.number if version else SHIPPED_NUMBER


@cache
def shipped_figures() -> Mapping[str, Any]:
    """Figures of the shipped parameters, as stored with a version."""
    figures: Mapping[str, Any] = json.loads(SHIPPED_FIGURES.read_text(encoding="utf-8"))
    return figures


def live_figures() -> Mapping[str, Any]:
    """Figures of the version in use."""
    version = live_version()
    return version.figures if version else shipped_figures()


def bands_of_live() -> Sequence[Band]:
    """What judges said of pairs of each probability, as the cards of the live version tell it."""
    return serving_model().model.bands


def model_of(version: RankingVersion) -> PartnershipModel:
    """The parameters of a version.

    Raises:
        ProductError: they were made by a program whose format this one does not know.
    """
    try:
        return PartnershipModel.from_json(version.parameters)
    except BadParameters as error:
        raise ProductError(UNREADABLE.format(number=version.number)) from error


def version_with(number: int) -> RankingVersion:
    """The version of that number.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(select(RankingVersion).where(RankingVersion.number == number))
    if found is None:
        raise NotFound
    return found


def versions_page(number: int) -> Page[RankingVersion]:
    """Versions, newest first."""
    return paginate(select(RankingVersion).order_by(RankingVersion.number.desc()), number)


def all_versions() -> Sequence[RankingVersion]:
    """Versions, newest first, at most 200."""
    query = select(RankingVersion).order_by(RankingVersion.number.desc()).limit(VERSIONS_LISTED)
    return db.session.scalars(query).all()


def newest_version() -> RankingVersion | None:
    """The version trained last, if any was."""
    return db.session.scalar(select(RankingVersion).order_by(RankingVersion.number.desc()).limit(1))


def next_number() -> int:
    """The number of the next version."""
    newest = db.session.scalar(select(func.max(RankingVersion.number)))
    return (newest or SHIPPED_NUMBER) + 1


def newest_requests() -> Sequence[RankingRequest]:
    """The latest requests to the worker, newest first."""
    query = select(RankingRequest).order_by(
        RankingRequest.requested_at.desc(), RankingRequest.id.desc()
    )
    return db.session.scalars(query.limit(REQUESTS_SHOWN)).all()


def open_requests() -> Sequence[RankingRequest]:
    """Requests that wait or are being done, the longest waiting first; at most one of a kind."""
    query = (
        select(RankingRequest)
        .where(RankingRequest.state.in_(OPEN_REQUESTS))
        .order_by(RankingRequest.requested_at, RankingRequest.id)
        .limit(len(RequestKind))
    )
    return db.session.scalars(query).all()


def open_request_of(kind: RequestKind) -> RankingRequest | None:
    """The request of a kind that waits or is being done."""
    return next((each for each in open_requests() if each.kind is kind), None)


def newest_comparisons(version: RankingVersion) -> Sequence[RankingComparison]:
    """How a version differed from the live one, newest first."""
    query = (
        select(RankingComparison)
        .where(RankingComparison.version_id == version.id)
        .order_by(RankingComparison.at.desc(), RankingComparison.id.desc())
        .limit(COMPARISONS_SHOWN)
    )
    return db.session.scalars(query).all()
