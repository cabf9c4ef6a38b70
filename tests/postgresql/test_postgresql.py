"""On PostgreSQL, where transactions do overlap: migrations, and the races for seats, for the
live version of the ranking, for an introduction, for a date and between workers run again.

One file, so that one process of the tests starts one server.
"""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from matchmaker.core import clock
from matchmaker.core.db import Base, db, new_id
from matchmaker.partnering.lineage.domain import Audience, RecordKind
from matchmaker.partnering.lineage.models import LineageRecord
from tests.matching.encoders.test_changes import (
    test_only_one_change_runs_and_only_one_encoder_is_live,
)
from tests.matching.releases.test_steps import (
    test_of_two_promotions_at_once_one_wins,
    test_the_database_lets_one_version_be_live,
)
from tests.matching.robust.test_races import (
    test_a_pair_is_judged_once_by_a_person,
    test_many_workers_write_one_row_of_each_kind,
)
from tests.partnering.introductions.test_races import (
    one_introduction,
    test_of_many_interests_at_once_one_stands,
    test_of_two_hundred_answers_at_once_one_counts,
)
from tests.partnering.matches.conftest import bare
from tests.partnering.matches.test_appointments import (
    test_of_many_who_agree_to_different_dates_at_once_one_wins,
)
from tests.regional_events.seats.test_concurrency import (
    test_a_double_click_and_one_address_twice_register_once,
    test_threads_share_the_last_seats,
)

__all__ = [
    "bare",
    "one_introduction",
    "test_a_double_click_and_one_address_twice_register_once",
    "test_a_pair_is_judged_once_by_a_person",
    "test_many_workers_write_one_row_of_each_kind",
    "test_of_many_interests_at_once_one_stands",
    "test_of_many_who_agree_to_different_dates_at_once_one_wins",
    "test_of_two_hundred_answers_at_once_one_counts",
    "test_of_two_promotions_at_once_one_wins",
    "test_only_one_change_runs_and_only_one_encoder_is_live",
    "test_the_database_lets_one_version_be_live",
    "test_threads_share_the_last_seats",
]


def test_the_migrated_database_is_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize(
    "change", ["UPDATE lineage_records SET title = 'x'", "DELETE FROM lineage_records"]
)
def test_the_lineage_is_only_added_to(app: Flask, change: str) -> None:
    with app.app_context():
        db.session.add(
            LineageRecord(
                at=clock.now(), kind=RecordKind.NEED, record_id=new_id(), tag="posts.published",
                audience=Audience.RECORD,
            )
        )  # fmt: skip
        db.session.commit()
        with pytest.raises(DBAPIError, match="only added"):
            db.session.execute(text(change))
        db.session.rollback()
