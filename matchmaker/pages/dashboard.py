"""What a person's dashboard shows: first what waits for them, then their own things."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.formatting import format_short_date
from matchmaker.core.navigation import url_if_exists
from matchmaker.matching import service as matching
from matchmaker.matching.domain import Recommendation
from matchmaker.matching.engine import MatchingEngine
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import MUNICIPALITY
from matchmaker.organizations.models import Organization
from matchmaker.pages import queries
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.models import WorkingCopy
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.queries import working_copies_of
from matchmaker.posts.types import PostType
from matchmaker.secretariat.queries import Overview

POST_TYPES = (NEED, OFFERING)
POSTS_WITH_PARTNERS, PARTNERS_EACH = 3, 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the person.

    Args:
        title: what is to be done.
        url: where.
        text: a sentence more.
        due: until when, in words.
    """

    title: str
    url: str
    text: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class WithPartners:
    """An own published post with its best partners."""

    post: Any
    recommendations: Sequence[Recommendation]


@dataclass(frozen=True, slots=True)
class OwnPosts:
    """The own posts of one kind.

    Args:
        post_type: the kind.
        presenter: words for the posts themselves.
        other: words for the posts of the other side.
        posts: all that are not closed.
        with_partners: the newest published ones with their partners.
    """

    post_type: PostType
    presenter: Presenter
    other: Presenter
    posts: Sequence[Any]
    with_partners: Sequence[WithPartners]


def own_posts(engine: MatchingEngine, actor: Actor) -> list[OwnPosts]:
    """Own needs and offerings, the kind the person has more of first; empty kinds are left out."""
    found = [_own(engine, post_type, actor) for post_type in POST_TYPES] if actor.roles else []
    return sorted((o for o in found if o.posts), key=lambda own: -len(own.posts))


def _own(engine: MatchingEngine, post_type: PostType, actor: Actor) -> OwnPosts:
    posts = queries.own_posts(post_type, list(actor.roles))
    published = [post for post in posts if post.state is PostState.PUBLISHED]
    other = OFFERING if post_type.kind is PostKind.NEED else NEED
    return OwnPosts(
        post_type,
        Presenter(post_type, actor),
        Presenter(other, actor),
        posts,
        [
            WithPartners(
                post,
                matching.recommendations_for(engine, post_type, post, actor, PARTNERS_EACH),
            )
            for post in published[:POSTS_WITH_PARTNERS]
        ],
    )


def waiting_for_member(actor: Actor, own: Sequence[OwnPosts], now: datetime) -> list[Waiting]:
    """Returned posts, posts about to end, unfinished forms and drafts, the most urgent first."""
    posts = [(o.post_type, post) for o in own for post in o.posts]
    writable = [(t, p) for t, p in posts if actor.writes_for(p.organization_id)]
    return [
        *(_returned(t, p) for t, p in writable if p.state is PostState.RETURNED),
        *(_expiring(t, p, now) for t, p in writable if queries.expires_soon(p, now)),
        *(_unfinished(copy) for copy in _copies(actor.user_id)),
        *(_draft(t, p) for t, p in writable if p.state is PostState.DRAFT),
    ]


def _returned(post_type: PostType, post: Any) -> Waiting:
    return Waiting(
        f"直して申し込み直す：{post.title}",
        url_for(f"{post_type.blueprint}.edit", post_id=post.id),
        f"事務局から：{post.state_reason}",
        "差戻し",
    )


def _expiring(post_type: PostType, post: Any, now: datetime) -> Waiting:
    days = (post.valid_until - today(now)).days
    return Waiting(
        f"掲載を続けるか決める：{post.title}",
        url_for(f"{post_type.blueprint}.show", post_id=post.id),
        "期限を延ばすときは、編集の画面で「掲載の期限」を変えます。",
        f"あと{days}日（{format_short_date(post.valid_until)}まで）" if days else "きょうまで",
    )


def _copies(user_id: uuid.UUID | None) -> Sequence[WorkingCopy]:
    return working_copies_of(user_id) if user_id else []


def _unfinished(copy: WorkingCopy) -> Waiting:
    kind, _, rest = copy.form_key.partition(":")
    post_type = NEED if kind == PostKind.NEED else OFFERING
    if rest.startswith("new:"):
        url = url_for(f"{post_type.blueprint}.new", form=rest.removeprefix("new:"))
    else:
        url = url_for(f"{post_type.blueprint}.edit", post_id=uuid.UUID(rest))
    title = copy.title.strip() or f"件名のない{post_type.label}"
    text = f"{format_short_date(copy.saved_at)}まで入力した内容が残っています。"
    return Waiting(f"書きかけの続きを書く：{title}", url, text)


def _draft(post_type: PostType, post: Any) -> Waiting:
    url = url_for(f"{post_type.blueprint}.edit", post_id=post.id)
    return Waiting(f"下書きを仕上げる：{post.title}", url, "まだ公開されていません。")


def waiting_for_secretariat(overview: Overview, now: datetime) -> list[Waiting]:
    """What waits for the secretariat, the people outside first."""
    needs, offerings = overview.waiting[PostKind.NEED], overview.waiting[PostKind.OFFERING]
    ending = sum(overview.expiring.values())
    found = []
    if needs + offerings:
        text = f"ニーズ{needs}件、シーズ{offerings}件"
        url = url_for("secretariat.reviews")
        found.append(Waiting("掲載の申し込みを確認する", url, text, _since(overview, now)))
    if overview.failed_mails:
        text = f"{overview.failed_mails}件。宛先と理由を確かめてください。"
        url = url_for("secretariat.index", _anchor="mails")
        found.append(Waiting("届かなかったメールを確かめる", url, text))
    if ending:
        text = f"2週間以内に期限が来る掲載が{ending}件あります。投稿した団体にも知らせています。"
        found.append(Waiting("期限の近い掲載", url_for("needs.index", sort="expiring"), text))
    return found


def _since(overview: Overview, now: datetime) -> str:
    if overview.oldest_at is None:
        return ""
    days = (today(now) - today(overview.oldest_at)).days
    return f"最も古いものは{days}日前" if days else "きょう届きました"


FOR_ALL = (
    ("calls.index", "公募を見る", "受け付けている公募と、締切、結果を読めます。"),
    ("blank_map.index", "空白地図", "受け入れ先がない所、足りない所を、品目と地域ごとに見ます。"),
    ("search.index", "ことばで探す", "意味の近いニーズとシーズを探します。"),
    ("help.index", "使い方", "立場ごとの手順です。"),
)
FOR_MUNICIPALITIES = (("needs.new", "ニーズを書く", "困っていることを書くと、相手が並びます。"),)
FOR_WRITERS = (
    ("introductions.index", "紹介", "送った関心と、届いた関心です。答えを待つものが先に並びます。"),
    ("matches.index", "話し合い", "成立した相手との日程、決まったこと、次にすることです。"),
    ("coalitions.index", "連合", "近くの自治体と量を合わせて、受け入れの最低の量に届かせます。"),
    ("consortia.index", "座組", "成立した相手と作る、取り組みの計画です。"),
    ("pilots.index", "実証", "実証の計画、指標、報告です。"),
)
FOR_BUSINESSES = (("offerings.new", "シーズを書く", "できることを書くと、相手が並びます。"),)
FOR_SECRETARIAT = (
    ("secretariat.reviews", "掲載の確認", "申し込みを読み、公開するか差し戻します。"),
    ("introduction_board.index", "紹介の進行", "関心から実証まで、止まっている所を見つけます。"),
    ("secretariat.index", "事務局の画面", "品目、記録、利用者など。"),
)
FOR_REVIEWERS = (
    ("needs.index", "ニーズを読む", "自治体が困っていることの一覧です。"),
    ("offerings.index", "シーズを読む", "事業者ができることの一覧です。"),
    ("cases.index", "事例を読む", "出典のある取り組みの一覧です。"),
)
FOR_OPERATORS = (
    ("jobs.index", "裏で動く仕事", "いま動いている仕事と、最近の結果です。"),
    ("user_administration.index", "利用者", "アカウントの停止や再開を行います。"),
    ("secretariat.audit_entries", "操作の記録", "だれが、いつ、何をしたかを調べます。"),
)


def shortcuts(actor: Actor, organizations: Sequence[Organization]) -> list[tuple[str, str, str]]:
    """Ways on from the dashboard by what the person does: label, address, a sentence."""
    categories = {o.category for o in organizations if actor.writes_for(o.id)}
    groups = (
        (MUNICIPALITY in categories, FOR_MUNICIPALITIES),
        (bool(categories - {MUNICIPALITY}), FOR_BUSINESSES),
        (bool(categories), FOR_WRITERS),
        (actor.is_secretariat, FOR_SECRETARIAT),
        (actor.is_reviewer, FOR_REVIEWERS),
        (actor.is_operator, FOR_OPERATORS),
        (True, FOR_ALL),
    )
    entries = [entry for is_meant, group in groups if is_meant for entry in group]
    found = [(label, url_if_exists(endpoint), text) for endpoint, label, text in entries]
    return [(label, url, text) for label, url, text in found if url]
