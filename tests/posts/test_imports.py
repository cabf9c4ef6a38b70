"""Importing from the file to the posts and back: started, written in batches, undone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from matchmaker.accounts.models import OrganizationMember
from matchmaker.core import clock
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.spreadsheets.faults import error_report
from matchmaker.core.storage import StoredFile
from matchmaker.core.uploads import RefusedFile
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.notifications.models import OutboxMessage
from matchmaker.posts import queries as post_queries
from matchmaker.posts import service as post_service
from matchmaker.posts.attachments import service as attachments
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import Move, PostState
from matchmaker.posts.imports import jobs, queries, service
from matchmaker.posts.imports.domain import (
    BATCH_ROWS,
    MOST_CHECKED,
    MOST_WORKING,
    Choices,
    ImportMode,
    JobState,
    RowState,
)
from matchmaker.posts.imports.models import ImportJob, ImportRow
from tests.core.office_files import pdf, workbook
from tests.posts.file_world import World, make_world, need_rows, need_workbook, published

ALL, GOOD = Choices(ImportMode.ALL), Choices(ImportMode.GOOD)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """People and an organisation."""
    world = make_world(app)
    with app.app_context():
        yield world


def check(world: World, content: bytes, name: str = "表.xlsx") -> ImportJob:
    now = clock.now()
    job = service.check(NEED, world.organization_id, name, content, world.editor, now)
    db.session.commit()
    return job


def run(world: World, job: ImportJob, choices: Choices = ALL) -> ImportJob:
    """Start the import and let the worker finish it."""
    job_id = job.id
    service.start(job, choices, world.editor, clock.now())
    db.session.commit()
    jobs.run_due_imports(clock.now())
    done = queries.get_job(job_id)
    assert done is not None
    return done


def undo(world: World, job: ImportJob) -> ImportJob:
    job_id = job.id
    service.undo(job, world.editor, clock.now())
    db.session.commit()
    jobs.run_due_imports(clock.now())
    done = queries.get_job(job_id)
    assert done is not None
    return done


def needs() -> list[Need]:
    return list(db.session.scalars(select(Need).order_by(Need.created_at, Need.id)))


def faulty_rows(number: int, *faulty: int) -> list[list[Any]]:
    rows = need_rows(number)
    for each in faulty:
        rows[each][3] = "たくさん"
    return rows


def test_good_rows_become_drafts_with_all_their_values(world: World) -> None:
    job = check(world, need_workbook(3, background="背景", start_wished_on="2027-04-01"))
    assert (job.row_count, job.good_count, job.faulty_count) == (3, 3, 0)
    assert needs() == []
    job = run(world, job)
    assert (job.state, job.steps_done, job.step_count) == (JobState.DONE, 3, 3)
    made = needs()
    assert [n.title for n in made] == ["竹の使い道1", "竹の使い道2", "竹の使い道3"]
    assert {n.state for n in made} == {PostState.DRAFT}
    first = post_queries.get(NEED, made[0].id)
    assert first is not None
    assert first.quantity_low_tonnes_per_year == 1
    assert [tag.code for tag in first.tags] == ["bamboo_wood"]
    assert first.organization_id == world.organization_id
    assert first.created_by_id == world.editor.user_id


def test_many_rows_are_written_in_batches_each_once(world: World) -> None:
    number = BATCH_ROWS * 2 + 7
    run(world, check(world, need_workbook(number)))
    assert len({n.title for n in needs()}) == len(needs()) == number


def test_all_or_nothing_refuses_a_file_with_a_fault(world: World) -> None:
    job = check(world, workbook(faulty_rows(4, 2)))
    with pytest.raises(ProductError, match="誤りのある行が1行") as refused:
        service.start(job, ALL, world.editor, clock.now())
    assert refused.value.field == "mode"
    assert needs() == []


def test_good_rows_alone_are_taken_on_wish(world: World) -> None:
    job = run(world, check(world, workbook(faulty_rows(4, 2, 3))), GOOD)
    assert job.state is JobState.DONE
    assert [n.title for n in needs()] == ["竹の使い道1", "竹の使い道4"]


def test_all_or_nothing_takes_back_what_it_wrote_when_a_row_cannot_be_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = check(world, need_workbook(BATCH_ROWS + 10))
    real = post_service.create

    def fail_on_one(*args: Any, **kwargs: Any) -> Any:
        if args[2]["title"] == f"竹の使い道{BATCH_ROWS + 5}":
            raise ProductError("この行は保存できません。")
        return real(*args, **kwargs)

    monkeypatch.setattr(post_service, "create", fail_on_one)
    job = run(world, job)
    assert job.state is JobState.FAILED
    assert "すべて取り消しました" in job.failure
    assert needs() == []
    [failed] = queries.rows_in(job.id, [RowState.FAILED])
    assert failed.errors == {"": "この行は保存できません。"}


def test_good_rows_survive_a_row_that_cannot_be_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = check(world, need_workbook(5))
    real = post_service.create

    def fail_on_one(*args: Any, **kwargs: Any) -> Any:
        post = real(*args, **kwargs)
        if post.title == "竹の使い道3":
            raise ProductError("この行は保存できません。")
        return post

    monkeypatch.setattr(post_service, "create", fail_on_one)
    job = run(world, job, GOOD)
    assert job.state is JobState.DONE
    assert [n.title for n in needs()] == [f"竹の使い道{n}" for n in (1, 2, 4, 5)]


def test_posts_are_handed_in_at_once_on_wish_with_one_mail(world: World) -> None:
    job = run(world, check(world, need_workbook(3)), Choices(ImportMode.ALL, submit=True))
    assert (job.state, job.steps_done, job.step_count) == (JobState.DONE, 6, 6)
    assert {n.state for n in needs()} == {PostState.SUBMITTED}
    mails = db.session.scalars(select(OutboxMessage)).all()
    [mail] = [m for m in mails if "掲載の申し込み" in m.subject]
    assert "3件" in mail.subject
    assert "表.xlsx" in mail.body


def test_doubles_are_passed_over_unless_wished(world: World) -> None:
    run(world, check(world, need_workbook(2)))
    again = check(world, need_workbook(3))
    assert (again.good_count, again.duplicate_count) == (1, 2)
    run(world, again)
    assert len(needs()) == 3
    third = check(world, need_workbook(3))
    with pytest.raises(ProductError, match="取り込める行がありません"):
        service.start(third, ALL, world.editor, clock.now())
    db.session.rollback()
    run(world, third, Choices(ImportMode.ALL, with_duplicates=True))
    assert len(needs()) == 6


def test_a_double_that_appears_between_check_and_start_is_found(world: World) -> None:
    first, second = check(world, need_workbook(2)), check(world, need_workbook(2))
    first_id, second_id = first.id, second.id
    for job_id in (first_id, second_id):
        job = queries.get_job(job_id)
        assert job is not None
        service.start(job, ALL, world.editor, clock.now())
    db.session.commit()
    jobs.run_due_imports(clock.now())
    assert len(needs()) == 2
    counts = {job_id: queries.row_counts(job_id) for job_id in (first_id, second_id)}
    assert sorted(c.get(RowState.CREATED, 0) for c in counts.values()) == [0, 2]


def test_undo_removes_what_nobody_touched_and_says_why_the_rest_stays(world: World) -> None:
    job = run(world, check(world, need_workbook(4)))
    changed, sent, *_rest = (post_queries.get(NEED, need.id) for need in needs())
    values = {**content_of(NEED, changed), "title": "書きかえた"}
    post_service.save(NEED, changed, values, world.editor, clock.now())
    post_service.move(NEED, sent, Move.SUBMIT, world.editor, clock.now())
    db.session.commit()
    job = queries.get_job(job.id)  # type: ignore[assignment]
    job = undo(world, job)
    assert job.state is JobState.UNDONE
    assert [n.title for n in needs()] == ["書きかえた", "竹の使い道2"]
    kept = queries.rows_in(job.id, [RowState.KEPT])
    assert all("変更されたか" in row.note for row in kept)
    assert len(queries.rows_in(job.id, [RowState.UNDONE])) == 2
    with pytest.raises(Conflict):
        service.undo(job, world.editor, clock.now())


def test_undo_ends_after_thirty_days(world: World) -> None:
    job = run(world, check(world, need_workbook(1)))
    with pytest.raises(Conflict, match="30日を過ぎた"):
        service.undo(job, world.editor, clock.now() + timedelta(days=31))


def test_an_import_starts_once(world: World) -> None:
    job = check(world, need_workbook(1))
    service.start(job, ALL, world.editor, clock.now())
    with pytest.raises(Conflict, match="先に進められて"):
        service.start(job, ALL, world.editor, clock.now())


def test_an_organisation_has_two_imports_under_way_at_most(world: World) -> None:
    waiting = [check(world, need_workbook(n)) for n in range(1, MOST_WORKING + 2)]
    for job in waiting[:MOST_WORKING]:
        service.start(job, ALL, world.editor, clock.now())
    with pytest.raises(Conflict, match="2件進んでいます"):
        service.start(waiting[-1], ALL, world.editor, clock.now())


def test_the_oldest_checked_import_gives_way(world: World) -> None:
    ids = [check(world, need_workbook(1)).id for _ in range(MOST_CHECKED + 2)]
    left = db.session.scalars(select(ImportJob.id).order_by(ImportJob.id)).all()
    assert sorted(left) == sorted(ids[2:])
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == MOST_CHECKED
    rows = select(func.count()).select_from(ImportRow)
    assert db.session.scalar(rows) == MOST_CHECKED


def test_a_person_who_lost_the_role_meanwhile_writes_nothing(world: World) -> None:
    job = check(world, need_workbook(2))
    service.start(job, ALL, world.editor, clock.now())
    db.session.execute(
        update(OrganizationMember)
        .where(OrganizationMember.user_id == world.editor.user_id)
        .values(role="reader")
    )
    db.session.commit()
    job_id = job.id
    jobs.run_due_imports(clock.now())
    stopped = queries.get_job(job_id)
    assert stopped is not None
    assert (stopped.state, needs()) == (JobState.FAILED, [])
    assert "権限がなくなった" in stopped.failure


def test_an_import_whose_batches_fail_again_and_again_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = check(world, need_workbook(2)).id
    job = queries.get_job(job_id)
    assert job is not None
    service.start(job, ALL, world.editor, clock.now())
    db.session.commit()

    def broken(*_args: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("matchmaker.posts.imports.writing.create_rows", broken)
    for _ in range(5):
        jobs.run_due_imports(clock.now())
    stopped = queries.get_job(job_id)
    assert stopped is not None
    assert (stopped.state, needs()) == (JobState.FAILED, [])


def test_the_error_report_can_be_mended_and_imported_again(world: World) -> None:
    job = check(world, workbook(faulty_rows(3, 2)))
    rows = queries.rows_in(job.id, [RowState.FAULTY])
    book = load_workbook(io.BytesIO(error_report(NEED.table, job.columns, rows)))
    sheet = book["直す行"]
    headers = [cell.value for cell in sheet[1]]
    place = headers.index("量（下限）") + 1
    assert headers[place] == "量（下限）の誤り"
    assert sheet.cell(2, 1).value == 3
    assert sheet.cell(2, place).value == "たくさん"
    assert "数字で入れてください" in str(sheet.cell(2, place + 1).value)
    listed = [cell.value for cell in book["誤りの一覧"][2]]
    assert listed[:3] == [3, "量（下限）", "たくさん"]
    sheet.cell(2, place).value = 5
    target = io.BytesIO()
    book.save(target)
    again = check(world, target.getvalue(), "直した.xlsx")
    assert (again.good_count, again.faulty_count) == (1, 0)
    assert not any("読んでいません" in notice for notice in again.notices)


def test_a_file_that_cannot_be_read_keeps_nothing(world: World) -> None:
    with pytest.raises(RefusedFile, match=r"「表.csv」は、文字コードが混ざっています"):
        check(
            world,
            "件名,困っていること\n竹林の竹,余る\n".encode() + "雪の夜,困る\n".encode("cp932"),
            "表.csv",
        )
    db.session.rollback()
    assert db.session.scalars(select(StoredFile)).all() == []
    assert db.session.scalars(select(ImportJob)).all() == []


def test_starting_finishing_and_undoing_are_in_the_audit_log(world: World) -> None:
    undo(world, run(world, check(world, need_workbook(1))))
    tags = set(db.session.scalars(select(AuditEntry.tag)))
    assert {"posts:import:started", "posts:import:finished", "posts:import:undone"} <= tags


def test_old_imports_are_forgotten_but_not_what_they_made(world: World) -> None:
    done = run(world, check(world, need_workbook(2)))
    check(world, need_workbook(3))
    now = clock.now()
    assert jobs.forget_old_imports(now) == 0
    assert jobs.forget_old_imports(now + timedelta(days=8)) == 1
    assert jobs.forget_old_imports(now + timedelta(days=100)) == 1
    [left] = db.session.scalars(select(ImportJob))
    assert (left.id, left.file_id, left.row_count) == (done.id, None, 2)
    assert db.session.scalars(select(ImportRow)).all() == []
    assert db.session.scalars(select(StoredFile)).all() == []
    assert len(needs()) == 2


def test_undo_leaves_a_post_that_got_a_file(world: World) -> None:
    job = run(world, check(world, need_workbook(2)))
    post = post_queries.get(NEED, needs()[0].id)
    upload = attachments.Upload("計画.pdf", pdf())
    attachments.add(NEED, post, [upload], "", world.editor, clock.now())
    db.session.commit()
    undo(world, queries.get_job(job.id))  # type: ignore[arg-type]
    assert [n.title for n in needs()] == ["竹の使い道1"]


def test_a_published_double_counts_too(world: World) -> None:
    published(world, title="竹の使い道1", problem="1番目の竹林で困っています。")
    assert check(world, need_workbook(1)).duplicate_count == 1
