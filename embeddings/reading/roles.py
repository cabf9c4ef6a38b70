"""What part a material plays in a sentence: taken in, made or sold, or turned away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from embeddings.facts import Reading, ReadingKind
from embeddings.reading.sentence import Sentence
from embeddings.reading.thesaurus import ConceptKind, Place

_NEAR: Final = 26
_ROLE: Final = re.compile(
    r"(?P<goods>の新品|(?:から|で)(?:作|つく)(?:った|られた)|(?:を|の)(?:[^、。はがをの]{0,6}[にへ])?(?:製造販売|製造|販売|供給|出荷|新造|企画|卸|小売|通販)(?!機|装置|設備|ライン|工程|支援)"
    r"|^(?:など|等)?(?:に|へ)(?:再生|加工|成形|生まれ変|仕立て|作り替)|として(?:販売|供給|出荷)|をお届け|製の|配合"
    r"|由来の?(?:ポリエステル|樹脂|素材|生地)|を(?:原料とする|使った|使用した)|が届く)"
    r"|(?P<taken>回収(?!袋|率|量)|集荷|受け?入れ|受入|引き?取|買い?取|買い?上げ|買い?入れ|買受け|(?:で|を)購入し|預か|処理|破砕|粉砕"
    r"|洗浄|選別|分解|解体|溶解|溶か|焼成|発酵|炭化|堆肥化|たい肥化|肥料化|飼料化|燃料化|資源化"
    r"|リサイクル|再生|原料化|セメント原料|剥が|分離|造粒|ほぐ|反毛|乾燥|脱水|精製|抜き取り|持ち?込"
    r"|搬入|(?:を|が)原料に|から(?:作り|つくり|製造|取り出|の?再生|油)|も可|可(?=[。、)]|$)|歓迎|修理"
    r"|整備|リペア|リユース|譲渡|譲り|再販|下取り|をそのまま|貸し?出|レンタル|シェア|共同利用|アップサイクル|ケミカル|メタン)"
    r"|(?P<other>設置|導入|検知|監視|管理|見つけ|除去|対策|減ら|のない|以外|の中身|まわり|付い|混じ|まみれ|内蔵|\d箱)"
)
_BREAK: Final = re.compile(
    r"^と(?:合わせ|混ぜ|混合|混焼)|[をはがに][^をはがに]*[をはが]|[をがはも]、|[。(]|ません|として|では|^化|^張替え|^[^、。]{0,4}用|^(?:メーカー|業者|店|工場|会社|農家|問屋|商)"
)
_NEW: Final = re.compile(r"(?:新品の?|新しい|再生|輸入)$")
_REFUSED: Final = re.compile(
    r"対象外|お断り|ご遠慮|不可(?!欠|能|避)|厳禁|除外|扱いません|除きます"
    r"|(?:受け?入れ|受入|お?受け|引き?取|引取|買い?取|取り?扱|回収|処理|対応|お?引き?受|お?請け)"
    r"[^。、]{0,14}(?:ません|かねます|いない|できない)"
)
_CLAUSE: Final = re.compile(r"(?:ます|です|可|対象|歓迎|ました|る|た)[がし]?[、,]|[。;]")
# From a thing in a list to what is said of the list: 「A、B などの引取りは」.
_LISTED: Final = re.compile(
    r"(?:(?:など|等|類|くず)?(?:[・、,/]|や|と|及び|および|または|又は)[^。はもをがに]{1,14}?)*(?:など|等|類|くず)?(?:のもの)?"
    r"(?:の?(?:受入れ?|受け入れ|引き?取り?|買い?取り?|回収|処理|持ち?込み|混入|処分|出品|募集)[、・や]?)*(?:に?は|も|を)?(?:一切|当社では|現在)?"
)
# What limits the refusal to some of the material.
_PARTLY: Final = re.compile(
    r"付い|付着|混入し|混じ|混載|入り|を含|の中|のうち|で出|から出|状態|以外|汚れ|濡れ|割れ|場合|だけ"
    r"|もの|片|くず以外|の(?:設備|装置|販売先|売り先)"
)
_SOME: Final = re.compile(r"(?:れた|した|いた|性の|付きの|状の|以外の|のある|ない|[^も]の|単体の)$")
_INHERENT: Final = re.compile(
    r"^(?:廃|使用済|古[着紙布材瓦タ]|放置|撤去|除籍|不用|空き[びか缶]|余剰)"
)
_ARISING: Final = re.compile(
    r"^[^。]{0,16}?(?:発生|排出|出る|出て|出す|出た|余|廃棄|処分|山積|野積|埋め?立|焼却|あふれ|集ま|集め"
    r"|引き?取|行き先|放置|不要|資源化|リサイクル|リユース|堆肥化|活用|分別|引渡|残って|年(?:間|約)?約?\d)"
)
_NOT_MINE: Final = re.compile(
    r"^[^。、]{0,10}(?:対象外|除く|ではなく|以外|ボイラー|の?購入|不足|足り|工場)"
)
_MOST: Final = 3


def read_offering_materials(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """Yield what an offering takes in, makes and turns away.

    A material that is taken in and sold as well (old clothes) counts as taken in.
    """
    found = [reading for sentence in sentences for reading in _roles(sentence)]
    taken = {r.value for r in found if r.kind is ReadingKind.MATERIAL}
    for reading in _each_once(found):
        if reading.kind is not ReadingKind.OUTPUT or reading.value not in taken:
            yield reading


def _roles(sentence: Sentence) -> Iterator[Reading]:
    for place in _materials(sentence):
        kind = _role(sentence, place)
        if kind is not None:
            yield sentence.reading(kind, place.concept.value, place.start, place.end)


def _role(sentence: Sentence, place: Place) -> ReadingKind | None:
    if sentence.part == "output_products":
        return ReadingKind.OUTPUT
    plain = sentence.plain
    refused = _refused(plain, place)
    if refused is not None:
        return ReadingKind.EXCLUDED if refused else None
    if _NEW.search(plain[: place.start]):
        return ReadingKind.OUTPUT if plain[: place.start].endswith(("新品の", "新品")) else None
    tail = plain[place.end : place.end + _NEAR]
    match = _ROLE.search(tail)
    if match is None or _BREAK.search(tail[: match.start()]):
        inherent = sentence.is_title and _INHERENT.match(plain[place.start : place.end])
        return ReadingKind.MATERIAL if inherent and match is None else None
    if match["goods"]:
        return ReadingKind.OUTPUT
    return ReadingKind.MATERIAL if match["taken"] else None


def _refused(plain: str, place: Place) -> bool | None:
    """Whether a material is turned away: True as a whole, False in part, None not at all."""
    match = _REFUSED.search(plain, place.end)
    if match is None:
        return None
    between = plain[place.end : match.start()]
    if _CLAUSE.search(between) or len(between) > 2 * _NEAR:
        return None
    if _PARTLY.search(between) or _SOME.search(plain[: place.start]):
        return False
    return bool(_LISTED.fullmatch(between))


def read_need_materials(sentences: Sequence[Sentence]) -> Iterator[Reading]:
    """Yield what a need is about: materials of its title, else those that its text says arise."""
    titled = [_need_reading(s, p) for s in sentences if s.is_title for p in _own(s)]
    if titled:
        yield from _each_once(titled)
        return
    told = [
        _need_reading(sentence, place)
        for sentence in sentences
        for place in _own(sentence)
        if _ARISING.match(sentence.plain[place.end :])
    ]
    if len({reading.value for reading in told}) <= _MOST:
        yield from _each_once(told)


def _need_reading(sentence: Sentence, place: Place) -> Reading:
    return sentence.reading(ReadingKind.MATERIAL, place.concept.value, place.start, place.end)


def _own(sentence: Sentence) -> Iterator[Place]:
    for place in _materials(sentence):
        if not _NOT_MINE.match(sentence.plain[place.end :]):
            yield place


def _materials(sentence: Sentence) -> Iterator[Place]:
    for place in sentence.places:
        if place.concept.kind is ConceptKind.MATERIAL and place.concept.value:
            yield place


def _each_once(readings: Iterable[Reading]) -> Iterator[Reading]:
    """The first reading of each kind, value and wording."""
    seen: set[tuple[str, object, str]] = set()
    for reading in readings:
        key = reading.kind.value, reading.value, reading.phrase
        if key not in seen:
            seen.add(key)
            yield reading
