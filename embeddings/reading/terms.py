"""Steps, ways, licences, classes and kinds that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from embeddings.facts import Reading, ReadingKind
from embeddings.reading.sentence import Sentence
from embeddings.reading.stated import ONE_OFF, YEARLY_ONLY
from embeddings.reading.thesaurus import ConceptKind, Place

_KINDS: Final = {
    ConceptKind.STAGE: ReadingKind.STAGE,
    ConceptKind.METHOD: ReadingKind.METHOD,
    ConceptKind.LICENCE: ReadingKind.LICENCE,
}
_DENIED: Final = re.compile(
    r"^済|^残|^(?:事)?業者|^[^。、]{0,12}(?:支援|の?手続)|^[^。、]{0,16}(?:ません|ない(?!方|よう)|不要|いらず|対象外|不可|なし|別途|含まず|ご用意|予定|申請中|前の?)"
)
_WISHED: Final = re.compile(
    r"^[^。]{0,18}?(?:したい|希望|求め|求む|探し|検討|委託|の(?:方法|手段|仕組み|しくみ|担い手)"
    r"|に(?:取り組|切り替)|して(?:くれ|もらい|ほしい)|できる(?:先|方法|事業者)|まで(?:を)?一貫|してもら)"
)
_GIVEN_UP: Final = re.compile(
    r"^[^。]{0,24}?(?:断念|頓挫|見送|やめ|困難|難しい|中止|対象外|ではなく|求めない|せず|できない|失敗|終わ|避け)"
)
# What is done already, or done by the thing itself (「まだ発電している」).
_GOING_ON: Final = re.compile(
    r"^(?:を)?(?:し(?:て(?:い(?!きたい|く)|お)|た(?!い|く)|続け)|される|済み)"
)
_HOLDS: Final = re.compile(
    r"^[^。、]{0,4}(?:を)?(?:持つ|有する|お持ち|保有|取得し|が必要|のある|を有)"
)
_CLASS_ONLY: Final = re.compile(r"^(?:のみ|だけ|に限|限定|専門)")
_CLASS_OF: Final = re.compile(
    r"^(?:として(?!(?:出す|処分する|扱う)(?:と|場合))|に(?:当た|該当)|扱い|の扱い|に区分)"
)
_ONCE: Final = re.compile(
    r"(?:(?:1|一)回(?:限り|かぎり|きり)|(?:1|一)度(?:限り|きり)|今回限り|単発(?:で|の)|スポットで)"
    r"(?![^。]{0,12}(?:終わら|ではな|でな))"
)
_CLOSING: Final = re.compile(r"閉校|廃校|(?:庁舎|校舎)(?:の)?移転|新庁舎|旧(?:本)?庁舎|解体に伴")
_STEADY: Final = re.compile(
    r"(?:年間|長期|継続|通年|定期)(?:の)?(?:契約|取引|搬入)(?:のみ|に限|先に限|が(?:前提|条件|必要)|をお願い)"
    r"|(?:スポット|単発)(?:で)?(?:の(?:受入れ?|お受け|持込み?|搬入))?(?:は|も)?(?:不可|お断り|お受けしてい?ません|受け?て[いお]りません)"
)
_ANY_TIME: Final = re.compile(
    r"(?:スポット|単発)(?:でも|の[^。、]{0,6}(?:も|でも))?(?:可|歓迎|対応|受け付け|承り|ok)"
    r"|(?:1|一)(?:回|度)(?:限り|きり|だけ)でも"
)
_TECHNOLOGY: Final = re.compile(
    r"(?:装置|設備|プラント|ユニット|[破砕処理減容炭化発酵製造乾燥]機|炉|ライン|システム)[^。、]{0,8}"
    r"(?:販売|設計|建設|納入|リース|レンタル|賃貸|導入|後付け|を設置)|設計・(?:建設|納入)|後付け|据付|納入(?:実績|先)"
    r"|1基|投資額|建設費|運転\d名|電源\d|価格[\d,]+万円|型式"
)
_CAPACITY: Final = re.compile(
    r"受け?入れ(?!先)|受入|引き?取(?!り?(?:先|は扱|はし))|買い?取|処理能力|日量\d|搬入|持ち?込み|集荷|原料に|再資源化|リサイクル"
)
_SERVICE: Final = re.compile(
    r"レンタル|シェア|貸し?出|月額|サブスク|マッチング|アプリ|プラットフォーム|代行|出品|譲渡会|共同利用"
    r"|講座|派遣|予約|クラウド|伴走|支援|調査|導入\d+(?:市|自治体)"
)
_SOUGHT: Final = (
    (
        "recycling_capacity",
        re.compile(
            r"引き?(?:取|渡)り?先(?![がは]\d)|受け?入れ先|受入先|行き先|委託先|処理先|(?:再生|再利用|搬出|渡し|預け)先|引き取(?:って|る先)"
            r"|引取(?:りを|を)(?:希望|求)|受け?皿|資源化先|受け(?:て|入れて)(?:もら|くれ)|引き受け"
        ),
    ),
    (
        "technology",
        re.compile(
            r"(?:設備|装置|機器|技術|処理機|システム)(?:の導入|を導入|を探|を求|を知り|導入)|技術(?:提供|提案)"
        ),
    ),
    (
        "sharing_service",
        re.compile(
            r"シェア(?:リング)?|レンタル|貸し借り|共同利用|使い回|融通|借りて返|借りられる|譲りた|譲り合い"
        ),
    ),
    ("advice", re.compile(r"(?:計画|方針)(?:の策定|づくり)を?(?:支援|相談)|助言(?:を|が)")),
)
_CLEAR: Final = 3


def read_terms(sentences: Iterable[Sentence], *, is_need: bool) -> Iterator[Reading]:
    """Yield steps, ways and licences: what an offering does and holds, or a need wishes for."""
    seen: set[tuple[ReadingKind, str]] = set()
    for sentence in sentences:
        for place in sentence.places:
            kind = _KINDS.get(place.concept.kind)
            if kind is None or (kind, place.concept.value) in seen or not place.concept.value:
                continue
            if (_is_wished if is_need else _is_done)(sentence, place):
                seen.add((kind, place.concept.value))
                yield sentence.reading(kind, place.concept.value, place.start, place.end)


def _is_done(sentence: Sentence, place: Place) -> bool:
    return not _DENIED.match(sentence.plain[place.end :])


def _is_wished(sentence: Sentence, place: Place) -> bool:
    rest = sentence.plain[place.end :]
    if place.concept.kind is ConceptKind.LICENCE:
        return bool(_HOLDS.match(rest))
    if _GIVEN_UP.match(rest) or _GOING_ON.match(rest):
        return False
    return sentence.is_title or bool(_WISHED.match(rest))


def read_waste_class(sentences: Iterable[Sentence], *, is_need: bool) -> Iterator[Reading]:
    """Yield the class that a need's matter has, or the only one that an offering takes."""
    wanted = _CLASS_OF if is_need else _CLASS_ONLY
    found = [
        sentence.reading(ReadingKind.WASTE_CLASS, place.concept.value, place.start, place.end)
        for sentence in sentences
        for place in sentence.places
        if place.concept.kind is ConceptKind.WASTE_CLASS
        and wanted.match(sentence.plain[place.end :])
    ]
    if len({reading.value for reading in found}) == 1:
        yield found[0]


def read_once(sentences: Iterable[Sentence], *, is_need: bool) -> Iterator[Reading]:
    """Yield whether a need comes once for all, or whether an offering wants a steady supply."""
    for sentence in sentences:
        if is_need:
            match = _ONCE.search(sentence.plain)
            match = match or (_CLOSING.search(sentence.plain) if sentence.is_title else None)
            value = ONE_OFF
        else:
            match = _STEADY.search(sentence.plain)
            value = YEARLY_ONLY if match else ONE_OFF
            match = match or _ANY_TIME.search(sentence.plain)
        if match:
            yield sentence.matched(ReadingKind.ONE_OFF, value, match)
            return


def read_offering_kind(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """Yield the kind of an offering when its words clearly speak for one."""
    votes: dict[str, list[Reading]] = {
        "technology": [],
        "recycling_capacity": [],
        "sharing_service": [],
    }
    for sentence in sentences:
        for kind, pattern in zip(votes, (_TECHNOLOGY, _CAPACITY, _SERVICE), strict=True):
            votes[kind] += [
                sentence.matched(ReadingKind.OFFERING_KIND, kind, match)
                for match in pattern.finditer(sentence.plain)
            ]
    ranked = sorted(votes.values(), key=len, reverse=True)
    if len(ranked[0]) >= _CLEAR * max(1, len(ranked[1])):
        yield ranked[0][0]


def read_sought_kinds(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """Yield the kinds that a need asks for in so many words."""
    seen: set[str] = set()
    for sentence in sentences:
        for kind, pattern in _SOUGHT:
            match = pattern.search(sentence.plain)
            if match and kind not in seen:
                seen.add(kind)
                yield sentence.matched(ReadingKind.SOUGHT_KIND, kind, match)
