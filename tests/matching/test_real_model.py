"""With the real model, partners are found for posts, drafts and free text."""

from __future__ import annotations

from flask import Flask

from matchmaker.matching.engine import current_engine
from matchmaker.matching.service import recommendations_for, search
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries
from matchmaker.posts.domain import PostKind
from tests.matching.conftest import index_all
from tests.posts.file_world import make_world, published

OFFERINGS = {
    "紙おむつの水平リサイクル": "保育園や施設から紙おむつを集め、再びおむつの原料に戻します。",
    "太陽光パネルの分解": "使い終わった発電パネルをガラスと金属に分けます。",
    "工具の貸し出し": "電動工具や高圧洗浄機を、住民が借りられるしくみをつくります。",
    "刈草の堆肥": "河川敷の刈草を発酵させ、畑の土に使います。",
}


def test_the_partner_is_found_with_the_sentences_that_meet(real_app: Flask) -> None:
    world = make_world(real_app)
    with real_app.app_context():
        for title, description in OFFERINGS.items():
            published(world, OFFERING, title=title, description=description)
        need_id = published(
            world, NEED, title="保育園や介護施設から出る使用済みおむつ",
            problem="赤ちゃんやお年寄りの世話で毎日出るものが、水を吸って重く、焼却炉の負担になっている。",
        )  # fmt: skip
        index_all()
        need = queries.get(NEED, need_id)
        found = recommendations_for(current_engine(), NEED, need, world.editor)
        assert found[0].post.title == "紙おむつの水平リサイクル"
        assert found[0].explanation.own_quote is not None
        assert found[0].explanation.other_quote is not None
        assert found[0].explanation.other_quote.text in next(iter(OFFERINGS.values()))
        by_text = search(current_engine(), PostKind.OFFERING, "DIYの道具を共有", world.editor)
        assert by_text[0].post.title == "工具の貸し出し"


def test_a_draft_sees_its_partners_too(real_app: Flask) -> None:
    world = make_world(real_app)
    with real_app.app_context():
        published(world, OFFERING)
        index_all()
    client = world.client("editor")
    page = client.get("/needs/new").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post(
        "/needs/new",
        data={
            "csrf_token": token,
            "title": "竹の山",
            "problem": "裏山の竹が広がって困る",
            "visibility": "public",
            "action": "save",
        },
        follow_redirects=True,
    )
    assert "下書きを保存しました" in answer.text
    assert "竹を炭にします" in answer.text
    assert "いまは言葉の一致だけで" not in answer.text
