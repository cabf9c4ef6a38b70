"""Speakers over HTTP: nobody is named or shown without having agreed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import SpeakerConsent
from matchmaker.regional_events.planning.programme.consequences import link_of
from matchmaker.regional_events.planning.programme.models import Speaker
from matchmaker.regional_events.planning.programme.queries import speakers_of
from tests.regional_events.programme.planner_world import (
    HONG_KONG_IVS,
    MEMBER,
    PLANNER,
    PlannerWorld,
    picture,
)

WORDS = {"name": HONG_KONG_IVS, "kana": "ｶﾂﾗｷﾞ はなこ", "affiliation": "青空町　環境課長",
         "email": "speaker@example.com", "biography": "竹林の再生に取り組む。"}  # fmt: skip
UNNAMED = "登壇者（調整中）"


@pytest.fixture(name="world")
def planner_world(app: Flask) -> PlannerWorld:
    return PlannerWorld(app)


def speaker_of(world: PlannerWorld) -> Speaker:
    with world.app.app_context():
        return speakers_of(world.event_id)[0]


def add(world: PlannerWorld, **changes: Any) -> Speaker:
    """A speaker with a part in a session."""
    client = world.client(PLANNER)
    values = {**WORDS, **changes}
    assert client.post(world.path("/speakers/new"), data=values).status_code == 302
    speaker = speaker_of(world)
    session = {"title": "講演", "starts": "14:00", "ends": "15:00",
               "appearances-0-speaker_id": str(speaker.id),
               "appearances-0-role": "基調講演"}  # fmt: skip
    assert client.post(world.path("/programme/sessions/new"), data=session).status_code == 302
    return speaker


def ask(world: PlannerWorld, speaker: Speaker) -> str:
    """Ask by mail; gives the path of the link in it."""
    path = world.path(f"/speakers/{speaker.id}/consent-mails")
    world.client(PLANNER).post(path, data={"revision": str(speaker_of(world).revision)})
    body = world.mails("掲載の確認のお願い")[-1][2]
    found = re.search(r"/speaker-consents/\S+", body)
    assert found
    return found[0]


def answer(world: PlannerWorld, link: str, word: str, **changes: Any) -> Any:
    revision = str(speaker_of(world).revision)
    values = {"answer": word, "biography": WORDS["biography"], "revision": revision, **changes}
    return world.client().post(link, data=values)


def test_names_are_made_regular_and_keep_their_variants(world: PlannerWorld) -> None:
    speaker = add(world)
    assert speaker.name == HONG_KONG_IVS
    assert speaker.kana == "カツラギ ハナコ"
    assert speaker.consent is SpeakerConsent.ASKED


def test_without_consent_nothing_is_told(world: PlannerWorld) -> None:
    speaker = add(world, portrait=(picture(), "face.jpg"))
    for name in ("", MEMBER):
        for path in ("", "/print"):
            page = world.client(name).get(world.path(path)).text
            assert UNNAMED in page
            assert HONG_KONG_IVS not in page
            assert "竹林の再生" not in page
            assert "環境課長" not in page
    portrait = world.path(f"/speakers/{speaker.id}/portrait")
    assert world.client(MEMBER).get(portrait).status_code == 404
    assert world.client(PLANNER).get(portrait).status_code == 200


def test_opening_the_link_changes_nothing_and_yes_shows_the_speaker(world: PlannerWorld) -> None:
    link = ask(world, add(world))
    before = speaker_of(world).revision
    page = world.client().get(link)
    assert page.status_code == 200
    assert HONG_KONG_IVS in page.text
    assert "竹林の再生に取り組む。" in page.text
    assert (speaker_of(world).consent, speaker_of(world).revision) == ("asked", before)
    corrected = {"biography": "直した紹介文", "portrait": (picture("red"), "私.jpg")}
    assert answer(world, link, "yes", **corrected).status_code == 302
    shown = world.client().get(world.path()).text
    assert HONG_KONG_IVS in shown
    assert "直した紹介文" in shown
    assert UNNAMED not in shown
    portrait = world.path(f"/speakers/{speaker_of(world).id}/portrait")
    picture_answer = world.client().get(portrait)
    assert picture_answer.status_code == 200
    assert "no-cache" in picture_answer.headers["Cache-Control"]
    mail = world.mails("掲載の返事")
    assert [address for address, *_rest in mail] == ["planner@example.com"]


def test_withdrawing_hides_at_once(world: PlannerWorld) -> None:
    link = ask(world, add(world, portrait=(picture(), "face.jpg")))
    answer(world, link, "yes")
    portrait = world.path(f"/speakers/{speaker_of(world).id}/portrait")
    assert world.client().get(portrait).status_code == 200
    assert answer(world, link, "no").status_code == 302
    assert HONG_KONG_IVS not in world.client().get(world.path()).text
    assert world.client(MEMBER).get(portrait).status_code == 404
    assert "同意の取り消し" in world.mails("掲載の返事")[-1][2]


def test_the_same_answer_twice_tells_once(world: PlannerWorld) -> None:
    link = ask(world, add(world))
    answer(world, link, "yes")
    answer(world, link, "yes")
    assert len(world.mails("掲載の返事")) == 1


def test_nobody_agrees_to_what_was_changed_meanwhile(world: PlannerWorld) -> None:
    speaker = add(world)
    link, seen = ask(world, speaker), str(speaker_of(world).revision)
    path = world.path(f"/speakers/{speaker.id}/edit")
    values = {**WORDS, "affiliation": "別の所属", "revision": seen}
    assert world.client(PLANNER).post(path, data=values).status_code == 302
    refused = answer(world, link, "yes", revision=seen)
    assert refused.status_code == 422
    assert "主催者が内容を変えました" in refused.text
    assert "別の所属" in refused.text
    assert speaker_of(world).consent is SpeakerConsent.ASKED


def test_what_was_agreed_to_is_asked_again_when_it_changes(world: PlannerWorld) -> None:
    speaker = add(world)
    answer(world, ask(world, speaker), "yes")
    path = world.path(f"/speakers/{speaker.id}/edit")
    same = {**WORDS, "revision": str(speaker_of(world).revision)}
    world.client(PLANNER).post(path, data=same)
    assert speaker_of(world).consent is SpeakerConsent.GIVEN
    other = {**WORDS, "biography": "書き足し", "revision": str(speaker_of(world).revision)}
    page = world.client(PLANNER).post(path, data=other, follow_redirects=True).text
    assert "もう一度、確認のメールを送ってください" in page
    assert "書き足し" not in world.client().get(world.path()).text


def test_pressing_twice_mails_once(world: PlannerWorld) -> None:
    speaker = add(world)
    path = world.path(f"/speakers/{speaker.id}/consent-mails")
    for _ in range(2):
        world.client(PLANNER).post(path, data={"revision": str(speaker.revision)})
    assert len(world.mails("掲載の確認のお願い")) == 1


def test_without_an_address_nothing_is_sent(world: PlannerWorld) -> None:
    speaker = add(world, email="")
    path = world.path(f"/speakers/{speaker.id}/consent-mails")
    page = world.client(PLANNER).post(path, follow_redirects=True).text
    assert "メールアドレスを入れてから" in page
    assert world.mails("掲載の確認") == []


def test_forged_and_void_links_open_nothing(world: PlannerWorld) -> None:
    speaker = add(world)
    link = ask(world, speaker)
    assert world.client().get("/speaker-consents/invented").status_code == 404
    assert world.client().get(f"{link[:-1]}").status_code == 404
    values = {**WORDS, "email": "other@example.com", "revision": str(speaker_of(world).revision)}
    world.client(PLANNER).post(world.path(f"/speakers/{speaker.id}/edit"), data=values)
    assert world.client().get(link).status_code == 404
    assert world.client().get(f"{link}/portrait").status_code == 404
    assert answer(world, link, "yes").status_code == 404
    assert speaker_of(world).consent is SpeakerConsent.ASKED


def test_a_removed_speaker_takes_link_and_portrait_along(world: PlannerWorld) -> None:
    speaker = add(world, portrait=(picture(), "face.jpg"))
    link = ask(world, speaker)
    assert world.client().get(f"{link}/portrait").status_code == 200
    assert world.client(PLANNER).post(
        world.path(f"/speakers/{speaker.id}/deletions")
    ).status_code == 302  # fmt: skip
    assert world.client().get(link).status_code == 404
    assert UNNAMED not in world.client().get(world.path()).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"answer": ""}, "どちらかを選んでください。"),
        ({"answer": "maybe"}, "どちらかを選んでください。"),
        ({"biography": "あ" * 2001}, "2,000文字まで"),
    ],
)
def test_answers_that_cannot_be_are_told(
    world: PlannerWorld, typed: dict[str, str], words: str
) -> None:
    link = ask(world, add(world))
    refused = answer(world, link, typed.pop("answer", "yes"), **typed)
    assert refused.status_code == 422
    assert words in refused.text
    assert speaker_of(world).consent is SpeakerConsent.ASKED


def test_a_file_that_is_no_picture_is_refused(world: PlannerWorld) -> None:
    link = ask(world, add(world))
    page = picture()
    page.write(b"<html>")
    page.seek(0)
    refused = answer(world, link, "yes", portrait=(page, "face.svg"))
    assert refused.status_code == 422
    assert "受け取れない種類のファイル" in refused.text
    assert speaker_of(world).consent is SpeakerConsent.ASKED


def test_a_speaker_in_two_places_is_a_warning(world: PlannerWorld) -> None:
    speaker = add(world)
    session = {"title": "別の部屋の対談", "starts": "14:30", "ends": "15:30",
               "appearances-0-speaker_id": str(speaker.id)}  # fmt: skip
    world.client(PLANNER).post(world.path("/programme/sessions/new"), data=session)
    page = world.client(PLANNER).get(world.path("/programme")).text
    assert f"{HONG_KONG_IVS}さんが、同じ時間に「講演」にも出ることになっています。" in page


def test_the_link_in_the_mail_is_the_one_that_opens(world: PlannerWorld) -> None:
    speaker = add(world)
    link = ask(world, speaker)
    with world.app.app_context():
        assert link == link_of(db.session.get_one(Speaker, speaker.id))
