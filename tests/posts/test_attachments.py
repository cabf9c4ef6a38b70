"""Files of posts: ten at most, seen by whoever sees the post, gone with it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.core import clock
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db
from matchmaker.core.storage import StoredFile
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries, service
from matchmaker.posts.attachments import service as attachments
from matchmaker.posts.attachments.models import MOST_ATTACHMENTS, Attachment
from matchmaker.posts.attachments.queries import attachments_of
from matchmaker.posts.attachments.service import RefusedFiles, Upload
from tests.core.office_files import EXECUTABLE, pdf, picture
from tests.posts.file_world import NEED_VALUES, World, make_world, published, send, upload


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """People and an organisation."""
    world = make_world(app)
    with app.app_context():
        yield world


def add(world: World, post_id: uuid.UUID, *uploads: Upload, caption: str = "") -> list[Attachment]:
    post = queries.get(NEED, post_id)
    return attachments.add(NEED, post, uploads, caption, world.editor, clock.now())


def test_files_keep_their_order_and_are_in_the_audit_log(world: World) -> None:
    post_id = published(world)
    add(world, post_id, Upload("計画.pdf", pdf()), Upload("竹林.jpg", picture()))
    kept = attachments_of(post_id)
    assert [(a.position, a.file.name) for a in kept] == [(1, "計画.pdf"), (2, "竹林.jpg")]
    assert [e.tag for e in entries_of(post_id)].count("posts:attachment:added") == 2


def test_all_files_are_taken_or_none(world: World) -> None:
    post_id = published(world)
    with pytest.raises(RefusedFiles) as refused:
        add(
            world, post_id, Upload("よい.pdf", pdf()), Upload("悪い.pdf", EXECUTABLE),
            Upload("絵.svg", b"<svg/>"),
        )  # fmt: skip
    assert len(refused.value.messages) == 2
    assert attachments_of(post_id) == []
    assert db.session.scalars(select(StoredFile)).all() == []


def test_the_eleventh_file_is_refused_and_the_database_agrees(world: World) -> None:
    post_id = published(world)
    add(world, post_id, *[Upload(f"{n}.pdf", pdf(b"%d" % n)) for n in range(MOST_ATTACHMENTS)])
    with pytest.raises(RefusedFiles, match="10個まで"):
        add(world, post_id, Upload("十一.pdf", pdf()))
    stored = attachments_of(post_id)[0].file_id
    db.session.add(
        Attachment(
            post_kind=NEED.kind, post_id=post_id, position=11, file_id=stored,
            created_at=clock.now(),
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_removed_file_makes_room_and_is_recorded(world: World) -> None:
    post_id = published(world)
    first, _second = add(world, post_id, Upload("a.pdf", pdf()), Upload("b.pdf", pdf(b"2")))
    attachments.remove(NEED, queries.get(NEED, post_id), first, world.editor, clock.now())
    assert [a.file.name for a in attachments_of(post_id)] == ["b.pdf"]
    add(world, post_id, Upload("c.pdf", pdf(b"3")))
    assert [a.file.name for a in attachments_of(post_id)] == ["c.pdf", "b.pdf"]
    assert "posts:attachment:removed" in [e.tag for e in entries_of(post_id)]


def test_files_go_with_their_post(world: World) -> None:
    post = service.create(NEED, world.organization_id, NEED_VALUES, world.editor, clock.now())
    add(world, post.id, Upload("a.pdf", pdf()))
    service.delete(NEED, queries.get(NEED, post.id), world.editor, clock.now())
    assert attachments_of(post.id) == []
    assert db.session.scalars(select(StoredFile)).all() == []


def test_whoever_sees_the_post_gets_its_files_and_nobody_else(world: World) -> None:
    public, members = published(world), published(world, visibility="members", title="会員だけ")
    for post_id in (public, members):
        add(world, post_id, Upload("葛城 計画.pdf", pdf()))
    db.session.commit()
    visitor = world.app.test_client()
    address = f"/attachments/{attachments_of(public)[0].id}"
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert visitor.get(f"{address}/picture").status_code == 404
    hidden = f"/attachments/{attachments_of(members)[0].id}"
    assert visitor.get(hidden).status_code == 302
    assert world.client("stranger").get(hidden).status_code == 200


def test_files_of_a_draft_are_seen_by_its_organisation_only(world: World) -> None:
    post = service.create(NEED, world.organization_id, NEED_VALUES, world.editor, clock.now())
    [file] = add(world, post.id, Upload("a.pdf", pdf()))
    db.session.commit()
    assert world.client("editor").get(f"/attachments/{file.id}").status_code == 200
    stranger = world.client("stranger")
    assert stranger.get(f"/attachments/{file.id}").status_code == 404
    removal = send(stranger, f"/attachments/{file.id}/deletions", from_page="/account")
    assert removal.status_code == 404
    assert stranger.get(f"/needs/{post.id}/attachments").status_code == 404


def test_a_photo_is_shown_on_the_page_with_its_description(world: World) -> None:
    post_id = published(world, OFFERING)
    client = world.client("editor")
    path = f"/offerings/{post_id}/attachments"
    answer = upload(
        client,
        path,
        "炭焼き窯.jpg",
        picture(size=(300, 200)),
        field="files",
        caption="炭焼き窯の正面",
    )
    assert answer.status_code == 302
    [attachment] = attachments_of(post_id)
    page = client.get(path).text
    assert 'alt="炭焼き窯の正面"' in page
    assert f"/attachments/{attachment.id}/picture" in page
    shown = client.get(f"/attachments/{attachment.id}/picture")
    assert shown.mimetype == "image/jpeg"
    assert "attachment" not in shown.headers.get("Content-Disposition", "")
    with Image.open(io.BytesIO(shown.data)) as image:
        assert image.size == (300, 200)
    detail = world.app.test_client().get(f"/offerings/{post_id}").text
    assert 'alt="炭焼き窯の正面"' in detail
    send(client, f"/attachments/{attachment.id}/deletions", from_page=path)
    assert "「炭焼き窯.jpg」を外しました" in client.get(path).text


def test_a_refused_file_is_told_at_its_field(world: World) -> None:
    post_id = published(world)
    client = world.client("editor")
    path = f"/needs/{post_id}/attachments"
    answer = upload(client, path, "請求書.pdf", EXECUTABLE, field="files")
    assert answer.status_code == 422
    assert "「請求書.pdf」は、名前と中身が合いません" in answer.text
    nothing = send(client, path, caption="x")
    assert nothing.status_code == 422
    assert "ファイルを選んでください" in nothing.text
