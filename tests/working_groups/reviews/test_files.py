"""Files of proposals in the hands of reviewers."""

from __future__ import annotations

import io
import uuid
from typing import Any
from urllib.parse import unquote

from PIL import Image
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.files import Subject, add_files, check_file
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals.models import ProposalRevision
from matchmaker.working_groups.proposals.service import SUBJECT_KIND
from tests.working_groups.reviews.steps import assign, review_id
from tests.working_groups.reviews.world import QUESTIONS, World

NAME = "白浜運輸の計画.png"
QUESTION: dict[str, Any] = {"id": "plan_file", "kind": "file", "label": "計画書"}


def attach(world: World) -> uuid.UUID:
    """Give the second proposal a file whose name tells who wrote it; gives the file's id."""
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(target, "PNG")
    questions = [*QUESTIONS, QUESTION]
    question = Questionnaire.from_data(questions).questions[-1]
    subject = Subject(SUBJECT_KIND, world.proposals["food"])
    checked = check_file(question, NAME, target.getvalue())
    (file,) = add_files(subject, question, [checked], SYSTEM, world.now)
    db.session.get_one(Call, world.call_id).questions = questions
    revisions = select(ProposalRevision).where(ProposalRevision.proposal_id == subject.id)
    revision = db.session.scalars(revisions).one()
    revision.answers = {**revision.answers, "plan_file": [str(file.id)]}
    db.session.commit()
    return file.id


def test_names_of_files_are_hidden_where_applicants_are(world: World) -> None:
    with world.app.app_context():
        assign(world)
        file_id = attach(world)
        address = f"/reviews/{review_id(world, 'first', 'food')}"
    client = world.client("first")
    assert NAME in client.get(address).text
    answer = client.get(f"{address}/files/{file_id}")
    assert NAME in unquote(answer.headers["Content-Disposition"])
    with world.app.app_context():
        db.session.get_one(Call, world.call_id).is_anonymous = True
        db.session.commit()
    page = client.get(address).text
    assert "添付1.png" in page
    assert "白浜運輸" not in page
    answer = client.get(f"{address}/files/{file_id}")
    assert answer.status_code == 200
    assert "白浜運輸" not in unquote(answer.headers["Content-Disposition"])
    assert client.get(f"{address}/files/{uuid.uuid4()}").status_code == 404
    assert world.client("second").get(f"{address}/files/{file_id}").status_code == 404
