"""Activity posts: who reads which, drafts of several people, publishing and taking back."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db
from matchmaker.working_groups.groups.activity.domain import PostData
from matchmaker.working_groups.groups.activity.posts import draft_post, publish_post, retract_post
from matchmaker.working_groups.groups.domain import PostState, Visibility
from matchmaker.working_groups.groups.models import GroupPost
from tests.accounts.pages import heading, target
from tests.working_groups.activity.conftest import Cast, add_group

EVERYBODY = {"visitor", "outsider", "stranger", "observer", "member", "chair", "secretariat"}
READERS = {
    (PostState.PUBLISHED, Visibility.PUBLIC): EVERYBODY,
    (PostState.PUBLISHED, Visibility.MEMBERS): EVERYBODY - {"visitor", "outsider"},
    (PostState.PUBLISHED, Visibility.GROUP): {"observer", "member", "chair", "secretariat"},
    **{(PostState.DRAFT, each): {"member", "chair", "secretariat"} for each in Visibility},
    **{(PostState.RETRACTED, each): {"chair", "secretariat"} for each in Visibility},
}


def add_post(cast: Cast, state: PostState, visibility: Visibility, title: str = "竹") -> uuid.UUID:
    with cast.app.app_context():
        now = clock.now()
        post = draft_post(cast.group(), PostData(title, "集めました。", visibility), SYSTEM, now)
        if state is not PostState.DRAFT:
            publish_post(post, SYSTEM, now, expected_revision=1)
        if state is PostState.RETRACTED:
            retract_post(post, "誤り", SYSTEM, now)
        post_id = post.id
        db.session.commit()
    return post_id


def test_each_post_is_read_by_those_it_is_for(cast: Cast) -> None:
    posts = {key: add_post(cast, *key, title=f"{key[0]}-{key[1]}") for key in READERS}
    for who in sorted(EVERYBODY):
        browser = cast.browser(who)
        listed = browser.open(cast.path("/posts")).text
        newest = browser.open("/activity-posts").text
        for key, readers in READERS.items():
            page = browser.client.get(cast.path(f"/posts/{posts[key]}"))
            refused = 302 if who == "visitor" else 404
            assert page.status_code == (200 if who in readers else refused), (who, key)
            link = str(posts[key])
            assert (link in listed) == (who in readers), (who, key)
            is_news = who in readers and key[0] is PostState.PUBLISHED
            assert (link in newest) == is_news, (who, key)


def test_a_public_post_of_a_hidden_group_is_not_public(cast: Cast) -> None:
    with cast.app.app_context():
        cast.group_id = add_group("内部WG", cast.ids, Visibility.GROUP)
    post_id = add_post(cast, PostState.PUBLISHED, Visibility.PUBLIC)
    for who, status in (("visitor", 302), ("stranger", 404), ("observer", 200)):
        browser = cast.browser(who)
        assert browser.client.get(cast.path(f"/posts/{post_id}")).status_code == status
        listed = str(post_id) in browser.open("/activity-posts").text
        assert listed == (who == "observer")


def test_a_hidden_group_offers_no_wider_circle_of_readers(cast: Cast) -> None:
    with cast.app.app_context():
        cast.group_id = add_group("内部WG", cast.ids, Visibility.GROUP)
    browser = cast.browser("member")
    page = browser.send(
        cast.path("/posts/new"), title="題", body="本文", visibility=Visibility.PUBLIC.value
    )
    assert page.status_code == 422
    assert "見られる人を選んでください" in page.text
    assert "題" in page.text


def test_a_member_drafts_and_the_chair_publishes(cast: Cast) -> None:
    member = cast.browser("member")
    made = member.send(
        cast.path("/posts/new"), title="竹　の　回収", body="集めました。", visibility="public"
    )
    path = target(made)
    assert heading(member.open(path)) == "竹 の 回収"
    assert "公開する</button>" not in member.open(path).text
    refused = member.send(f"{path}/publications", from_page=f"{path}/edit", revision="1")
    assert refused.status_code == 404
    chair = cast.browser("chair")
    published = chair.send(f"{path}/publications", from_page=path, revision="1")
    assert target(published) == path
    assert "竹 の 回収" in cast.browser("visitor").open("/activity-posts").text
    assert member.client.get(f"{path}/edit").status_code == 404


def test_what_is_missing_is_told_at_its_field_and_nothing_is_lost(cast: Cast) -> None:
    page = cast.browser("member").send(
        cast.path("/posts/new"), title="", body="大切な文", visibility="members"
    )
    assert page.status_code == 422
    assert "題名を入れてください" in page.text
    assert "大切な文" in page.text


def test_two_tabs_never_overwrite_each_other(cast: Cast) -> None:
    post_id = add_post(cast, PostState.DRAFT, Visibility.PUBLIC)
    path = cast.path(f"/posts/{post_id}/edit")
    fields = {"visibility": "public", "revision": "1"}
    first = cast.browser("member").send(path, title="先", body="先の文", **fields)
    assert first.status_code == 302
    chair = cast.browser("chair")
    late = chair.send(path, title="後", body="後の文", **fields)
    assert late.status_code == 409
    assert "先の文" in late.text
    assert "後の文" in late.text
    assert 'name="revision" type="hidden" value="2"' in late.text
    again = chair.send(path, title="後", body="両方の文", visibility="public", revision="2")
    assert again.status_code == 302
    with cast.app.app_context():
        assert db.session.get_one(GroupPost, post_id).body == "両方の文"


def test_a_draft_that_changed_is_not_published_unread(cast: Cast) -> None:
    post_id = add_post(cast, PostState.DRAFT, Visibility.PUBLIC)
    path = cast.path(f"/posts/{post_id}")
    edited = cast.browser("member").send(
        f"{path}/edit", title="竹", body="変えた文", visibility="public", revision="1"
    )
    assert edited.status_code == 302
    late = cast.browser("chair").send(f"{path}/publications", from_page=path, revision="1")
    assert late.status_code == 409


@pytest.mark.parametrize("reason", ["", "   "])
def test_taking_back_needs_a_reason(cast: Cast, reason: str) -> None:
    post_id = add_post(cast, PostState.PUBLISHED, Visibility.PUBLIC)
    path = cast.path(f"/posts/{post_id}/retractions/new")
    page = cast.browser("chair").send(path, reason=reason)
    assert page.status_code == 422
    assert "理由を入れてください" in page.text


def test_a_second_press_of_a_button_changes_nothing(cast: Cast) -> None:
    post_id = add_post(cast, PostState.PUBLISHED, Visibility.PUBLIC)
    path = cast.path(f"/posts/{post_id}")
    chair = cast.browser("chair")
    statuses = [
        chair.send(f"{path}/retractions/new", reason="日付の誤り").status_code for _ in range(2)
    ]
    assert statuses == [302, 409]
    with cast.app.app_context():
        tags = [entry.tag for entry in entries_of(post_id)]
        assert tags.count("groups:post:retracted") == 1
        assert db.session.scalars(select(GroupPost.state_reason)).one() == "日付の誤り"
