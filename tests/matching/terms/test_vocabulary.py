"""Changes laid over the shipped vocabulary: merging, rules, two tabs, what they would do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from embeddings.reading.thesaurus import ConceptKind
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.matching import jobs
from matchmaker.matching.models import IndexRequest
from matchmaker.matching.terms import queries, service
from matchmaker.matching.terms.changes import prospective, with_term_switched, with_terms
from matchmaker.matching.terms.domain import ConceptView, EntryState, Side
from matchmaker.matching.terms.models import VocabularyConcept, VocabularyTerm
from matchmaker.matching.terms.service import NewConcept, NewTerm

NOW = clock.now()
WORD = NewTerm("モウソウダケ", Side.TOWN, "青空町の計画")
BAMBOO = "bamboo"


def names(text: str) -> list[str]:
    return [mention.concept.code for mention in queries.current_thesaurus().find(text)]


def bamboo() -> ConceptView:
    found = queries.concept_with(BAMBOO)
    assert found is not None
    return found


def add(word: NewTerm = WORD, revision: int = 0, *, take_over: bool = False) -> ConceptView:
    return service.add_term(
        BAMBOO, word, SYSTEM, NOW, expected_revision=revision, take_over=take_over
    )


def test_without_changes_the_shipped_vocabulary_serves_as_it_is(app: Flask) -> None:
    with app.app_context():
        assert queries.current_thesaurus() is queries.shipped_thesaurus()
        rows = db.session.scalar(select(func.count()).select_from(VocabularyTerm))
        assert rows == 0


def test_an_added_word_is_found_at_once_in_whatever_width_it_is_written(app: Flask) -> None:
    with app.app_context():
        before = queries.thesaurus_stamp()
        add()
        assert queries.thesaurus_stamp() != before
        assert names("裏山のﾓｳｿｳﾀﾞｹを切る") == [BAMBOO]
        assert bamboo().town_words[-1] == "モウソウダケ"
        assert "モウソウダケ" not in bamboo().company_words


def test_a_rolled_back_change_leaves_no_trace_in_the_cache(app: Flask) -> None:
    with app.app_context():
        add()
        assert names("モウソウダケ") == [BAMBOO]
        db.session.rollback()
        assert names("モウソウダケ") == []


def test_a_shipped_word_is_switched_off_and_on_again_with_reasons(app: Flask) -> None:
    with app.app_context():
        service.switch(
            BAMBOO, "孟宗竹", EntryState.OFF, "地名に多い", SYSTEM, NOW, expected_revision=0
        )
        assert names("孟宗竹林") != [BAMBOO] or "孟宗竹" not in bamboo().town_words
        with pytest.raises(IllegalMove):
            service.switch(
                BAMBOO, "孟宗竹", EntryState.OFF, "また", SYSTEM, NOW, expected_revision=1
            )
        service.switch(
            BAMBOO, "孟宗竹", EntryState.ACTIVE, "戻す", SYSTEM, NOW, expected_revision=1
        )
        assert "孟宗竹" in bamboo().town_words
        reasons = db.session.scalars(
            select(AuditEntry.reason).where(AuditEntry.tag == "vocabulary:term:switched")
        ).all()
        assert set(reasons) == {"地名に多い", "戻す"}


def test_a_concept_is_switched_off_with_all_its_words(app: Flask) -> None:
    with app.app_context():
        service.switch(BAMBOO, None, EntryState.OFF, "試す", SYSTEM, NOW, expected_revision=0)
        assert BAMBOO not in names("孟宗竹と放置竹林")


def test_two_tabs_do_not_overwrite_each_other(app: Flask) -> None:
    with app.app_context():
        seen = bamboo().revision
        add(revision=seen)
        with pytest.raises(Conflict, match="先に変えました"):
            add(NewTerm("マダケ類", Side.TOWN, "計画"), revision=seen)


def test_a_word_belongs_to_one_concept_and_can_be_taken_over(app: Flask) -> None:
    with app.app_context():
        word = NewTerm("間伐材", Side.BOTH, "計画")
        with pytest.raises(Conflict, match="林地残材"):
            add(word)
        db.session.rollback()
        add(word, take_over=True)
        assert names("間伐材") == [BAMBOO]
        residue = queries.concept_with("forest_residue")
        assert residue is not None
        taken = residue.term("間伐材")
        assert taken is not None
        assert not taken.is_active


@pytest.mark.parametrize("text", ["", "竹", "　", "!!", "長" * 41])
def test_words_that_would_read_too_much_or_nothing_are_refused(app: Flask, text: str) -> None:
    with app.app_context(), pytest.raises(ProductError):
        add(NewTerm(text, Side.TOWN, "計画"))


def test_a_word_stands_once_in_a_concept(app: Flask) -> None:
    with app.app_context():
        add()
        with pytest.raises(Conflict):
            add(NewTerm("ﾓｳｿｳﾀﾞｹ", Side.COMPANY, "計画"), revision=1)


def test_a_new_concept_reads_for_the_entry_it_stands_for(app: Flask) -> None:
    wanted = NewConcept(
        ConceptKind.MATERIAL, "葦", "放置竹林・竹材", "青空町の計画",
        [NewTerm("ヨシ原", Side.TOWN, "計画"), NewTerm("葦ペレット", Side.COMPANY, "計画")],
    )  # fmt: skip
    with app.app_context():
        added = service.add_concept(wanted, SYSTEM, NOW)
        (mention,) = queries.current_thesaurus().find("ヨシ原の刈り取り")
        assert mention.concept.value == "放置竹林・竹材"
        assert not added.is_shipped
        with pytest.raises(Conflict, match="この名前"):
            service.add_concept(wanted, SYSTEM, NOW)


def test_saying_what_would_change_changes_nothing(app: Flask) -> None:
    with app.app_context():
        jobs.process_index_queue(clock.now())
        view = bamboo()
        words = [term.text for term in view.terms]
        shown = prospective(
            with_term_switched(view, "放置竹林", EntryState.OFF), ["放置竹林"], adds=False
        )
        assert shown.effect.changed <= 400
        everything = prospective(ConceptViewOff.of(view), words, adds=False)
        assert everything.effect.changed > 0
        assert len(everything.effect.examples) <= 5
        assert queries.thesaurus_stamp()[0] == 0
        taken = prospective(
            with_terms(view, [NewTerm("間伐材", Side.BOTH, "計画")]), ["間伐材"], adds=True
        )
        assert [other.code for other in taken.taken] == ["forest_residue"]
        assert ("竹", BAMBOO) not in [(word, other.code) for word, other in taken.overlaps]


class ConceptViewOff:
    """A concept as it would be with every word switched off."""

    @staticmethod
    def of(view: ConceptView) -> ConceptView:
        for term in view.terms:
            view = with_term_switched(view, term.text, EntryState.OFF)
        return view


def test_after_a_change_all_listed_posts_are_queued_once(app: Flask) -> None:
    with app.app_context():
        jobs.process_index_queue(clock.now())
        assert queries.posts_waiting() == 0
        add()
        db.session.commit()
        waiting = queries.posts_waiting()
        assert waiting == db.session.scalar(select(func.count(func.distinct(IndexRequest.post_id))))
        assert waiting > 0
        jobs.process_index_queue(clock.now())
        assert queries.posts_waiting() == 0


def test_words_of_a_concept_that_an_upgrade_took_away_stay(app: Flask) -> None:
    with app.app_context():
        for code in ("gone", "gone-without-words"):
            db.session.add(
                VocabularyConcept(
                    code=code, kind="material", label=code, is_shipped=True, revision=1,
                    changed_at=NOW + timedelta(seconds=1),
                )
            )  # fmt: skip
        db.session.flush()
        db.session.add(
            VocabularyTerm(
                concept_code="gone", text="昔のことば", folded="昔のことば", side=Side.TOWN,
                changed_at=NOW,
            )
        )  # fmt: skip
        db.session.flush()
        assert queries.concept_with("gone-without-words") is None
        assert names("昔のことば") == ["gone"]
