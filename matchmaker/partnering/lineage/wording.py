"""The words for what an entry of the lineage tells."""

from __future__ import annotations

from collections.abc import Mapping

TAG_WORDS: Mapping[str, str] = {
    "posts:post:moved": "掲載",
    "posts:post:deleted": "削除",
    "matching:recommendation:judged": "おすすめへの評価",
    "introductions:introduction:sent": "関心を伝えました",
    "introductions:introduction:moved": "紹介の状態が変わりました",
    "introductions:introduction:corrected": "事務局が期限や理由を直しました",
    "matches:match:made": "双方が話してみたいと答えました",
    "matches:match:undone": "成立を取り消しました",
    "matches:match:changed": "話し合いの状態が変わりました",
    "matches:appointment:changed": "打合せの日程が変わりました",
    "coalitions:coalition:formed": "連合への声かけを始めました",
    "coalitions:member:asked": "さらに声をかけました",
    "coalitions:member:answered": "声をかけた相手が返事をしました",
    "coalitions:member:joined": "{who}が、参加すると答えました",
    "coalitions:member:declined": "{who}が、参加しないと答えました",
    "coalitions:coalition:reached": "連合が成立しました",
    "coalitions:coalition:closed": "連合を終えました",
    "consortia:consortium:founded": "座組を立ち上げました",
    "consortia:consortium:changed": "座組の内容を書きかえました",
    "consortia:consortium:moved": "座組の状態が変わりました",
    "consortia:partner:moved": "座組の参加者が変わりました",
    "consortia:partner:invited": "{who}を座組に招きました",
    "consortia:partner:accepted": "{who}が座組に参加しました",
    "consortia:partner:declined": "{who}が座組への参加を辞退しました",
    "consortia:partner:left": "{who}が座組から離れました",
    "consortia:partner:removed": "{who}を座組から外しました",
    "consortia:partner:external": "{who}を座組に加えました",
    "consortia:proposal:linked": "座組と提案をつなぎました",
    "proposals:proposal:begun": "提案を書き始めました",
    "proposals:proposal:moved": "提案の状態が変わりました",
    "groups:group:founded": "WGを登録しました",
    "groups:group:moved": "WGの状態が変わりました",
    "pilots:pilot:planned": "実証を計画しました",
    "pilots:pilot:changed": "実証の計画を書きかえました",
    "pilots:pilot:moved": "実証の状態が変わりました",
    "pilots:report:handed-in": "実証の結果を報告しました",
    "lineage:record:taken-over": "この記録を始める前からありました",
}


OUTSIDERS: Mapping[str, str] = {
    "coalitions": "会員ではない自治体",
    "consortia": "会員ではない参加者",
}
"""Who is meant where nobody is named: in a coalition it is always a town, in a consortium it may be
a town, a company or a person."""


def tag_words(tag: str, who: str = "") -> str:
    """The words for an event.

    Args:
        who: name of the organisation concerned; empty for one that is no member.
    """
    outsider = OUTSIDERS.get(tag.partition(":")[0], "")
    return TAG_WORDS.get(tag, "変更").format(who=who or outsider)


def names_somebody(tag: str) -> bool:
    """Whether the words for an event name the organisation concerned."""
    return "{who}" in TAG_WORDS.get(tag, "")
