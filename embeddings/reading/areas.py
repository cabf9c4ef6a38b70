"""Where an offering serves, and how far away a need's partner may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from embeddings.facts import PartnerScope, Reading, ReadingKind
from embeddings.reading.regions import NamedArea, areas_in, whole_country
from embeddings.reading.sentence import Sentence

_ONLY: Final = r"のみ|だけ|限定|限ら|限り|に限|に絞|の(?:事業所|自治体|市町|市町村|団体)に限"
_HARD_AFTER: Final = re.compile(rf"^(?:[^。]{{0,16}}|の[^。]{{0,30}})(?:{_ONLY}|専用)")
_SERVED_AFTER: Final = re.compile(
    r"^(?:の[^。、]{0,12})?(?:を(?:毎週|週\d|月\d|毎月|自社便|巡回|定期|対象)|(?:が|を)対象|が(?:巡回|範囲|エリア)"
    r"|(?:へ|に)[^。、]{0,8}?(?:対応|配車|集荷|回収|自社便)|で(?:対応|集荷|回収|活動)|から(?:の?(?:受|搬入|持込|持ち込)|お?受|お?引)"
    r"|まで(?:お?伺|対応|回収|集荷|お?引)|から。|は?どこでも)|^自社便"
)
_SERVED_BEFORE: Final = re.compile(
    r"(?:対応(?:エリア|地域|範囲|区域)?|(?:営業|回収|集荷|配送|配信|受入|受付|対象|供給|貸出|サービス)"
    r"(?:エリア|地域|区域|範囲|先)?|搬入元|エリア|巡回範囲)(?:は|:|が|とも|も)?\s*$"
)
_TOPIC: Final = re.compile(r"(?:は|とも|:)\s*$")
_TOLD: Final = re.compile(
    r"実績|採用|稼働|拠点(?!から)|事例|導入例|を?中心|優先|出身|本社|協力会社|提携|航路|産地|施工"
    r"|を除く|以外|他地域|その他の地域|遠方(?!の)|立地|倉庫|製品|出荷|販売|卸|農家(?!協)|行き"
)
# 「東京23区と横浜市」: an area of which only a part would be read.
_WITH_TOWNS: Final = re.compile(r"(?:と|・|、|や)[^。、はをにで]{1,16}(?:市|町|村)(?!町|村)")
_OPEN: Final = re.compile(
    r"(?:県|府|域|道|圏|地域)外(?:から)?(?:の[^。、]{0,8})?(?:も|でも|可|歓迎|OK)"
)
_COUNTRY: Final = re.compile(
    r"全国(?:の[^。、]{0,10})?(?:どこ(?:でも|へも|からでも)|各地(?:から|へ)?|から|に|で|を)?"
    r"[^。、]{0,8}?(?:対応|受付|受け付け|受入|受け入れ|引き?取|集荷|回収|派遣|出張|伺|どこでも)"
    r"|地域(?:は|を)問(?:いません|わず)"
)
_OWN: Final = re.compile(r"(?:県|府)(?:内|下)(?:全域|一円|各地)?")
_MINE: Final = re.compile(r"^(?:の[^。、]{0,12})?(?:のみ|だけ|に限|限定|全域|一円|が対象|を対象)")
_ABROAD: Final = re.compile(
    r"県外(?:へ)?の?(?:搬出|処理|業者|事業者|持ち出し)?(?:も|でも)(?:可|よい|良い|構わ|かまわ)|遠方(?:でも|も)(?:可|構わ|よい)"
    r"|(?:市|県|圏)外でも(?:よい|良い|可|構)|全国(?:どこ(?:でも|からでも)|の(?:事業者|企業|業者))"
)
# The whole word, so that the phrase that is told is no torn one.
_LIMITED: Final = r"に限(?:定|ります|りたい|らせて|る|り|って)?"
_NEAR: Final = re.compile(
    rf"隣県まで|近隣(?:の)?(?:県|市町|市町村|地域)?(?:まで|{_LIMITED}"
    rf"|の(?:事業者|業者|施設)(?:{_LIMITED}|を(?:希望|求)))"
)
_SAME: Final = re.compile(
    rf"(?:県|府|道|都)内(?:{_LIMITED}|のみ|で(?:処理|完結|循環|回す|引き?取|受け入れ)|の(?:事業者|業者|企業|施設)"
    rf"(?:{_LIMITED}|のみ|を(?:希望|求)))"
)
_WISHED: Final = re.compile(
    r"^で(?=[^。]{0,14}(?:戻|使い道|引き|受|処理|継続|資源|求|希望))|^(?:に限|のみ|の(?:事業者|業者)に限)"
)


def read_service_area(sentences: Iterable[Sentence], prefecture: str | None) -> Iterator[Reading]:
    """Yield the area that an offering says it serves, each prefecture or region once.

    What is called its only area wins over what it merely names; when it names the whole country,
    too, nothing is read.

    Args:
        sentences: of an offering.
        prefecture: its own, for 県内.
    """
    only: list[Reading] = []
    served: list[Reading] = []
    for sentence in sentences:
        if sentence.is_title or _OPEN.search(sentence.plain):
            continue
        for area, is_only in _served(sentence, prefecture):
            readings = [
                sentence.reading(ReadingKind.SERVICE_AREA, value, area.start, area.end)
                for value in area.values
            ]
            (only if is_only else served).extend(readings)
    found = only or served
    values = {reading.value for reading in found}
    if "全国" in values and len(values) > 1:
        return
    yield from {reading.value: reading for reading in reversed(found)}.values()


def _served(sentence: Sentence, prefecture: str | None) -> Iterator[tuple[NamedArea, bool]]:
    plain = sentence.plain
    for area in areas_in(plain):
        clause = re.split(r"。", plain[area.end :])[0]
        if _WITH_TOWNS.match(clause):
            continue
        near = plain[max(0, area.start - 12) : area.start] + clause[:18]
        if _HARD_AFTER.match(clause) and not re.search(r"以外|を除く|優先", clause[:18]):
            yield area, True
        elif not _TOLD.search(near) and _is_served(plain, area, clause):
            yield area, False
    if (match := _COUNTRY.search(plain)) and not re.search(r"製品|を除く|以外|販売", plain):
        yield whole_country(match), False
    if prefecture and (match := _OWN.search(plain)):
        rest = plain[match.end() :]
        if _MINE.match(rest) or (match.group()[2:] and not _TOLD.search(plain)):
            only = bool(re.match(rf"^[^。、]{{0,12}}(?:{_ONLY})", rest))
            yield NamedArea((prefecture,), match.start(), match.end()), only


def _is_served(plain: str, area: NamedArea, clause: str) -> bool:
    before = plain[: area.start]
    if _SERVED_AFTER.match(clause + "。") or _SERVED_BEFORE.search(before):
        return True
    if plain[: area.end].endswith(("全域", "一円")) or (not clause and _TOPIC.search(before)):
        return True
    # 「埼玉・東京・千葉。」 is nothing but an area.
    return not (before + plain[area.end :]).strip("・。、 \t■◆○:対応エリア地域は")


def read_partner_scope(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """Yield how far away a need's partner may be, when the text says one thing only."""
    found: dict[str, Reading] = {}
    for sentence in sentences:
        for pattern, scope in (
            (_ABROAD, PartnerScope.COUNTRY),
            (_NEAR, PartnerScope.NEARBY),
            (_SAME, PartnerScope.SAME_PREFECTURE),
        ):
            if match := pattern.search(sentence.plain):
                value = scope.value
                found[value] = sentence.matched(ReadingKind.PARTNER_SCOPE, value, match)
        for area in areas_in(sentence.plain):
            if len(area.values) == 1 and _WISHED.match(sentence.plain[area.end :]):
                found[area.values[0]] = sentence.reading(
                    ReadingKind.PARTNER_SCOPE, area.values[0], area.start, area.end
                )
    if len(found) == 1:
        yield from found.values()
