"""Forms of coalitions."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired

from matchmaker.core.form_fields import REQUIRED, line_field, text_field
from matchmaker.core.forms import ProductForm
from matchmaker.core.text import clean_line, whole_number
from matchmaker.partnering.coalitions.domain import (
    ANSWERS,
    KM_MOST,
    KM_USUAL,
    MEMBER_STATES,
    MEMBERS_MOST,
    MEMBERS_USUAL,
    NOTE_LENGTH,
    REASON_LENGTH,
    SOURCE_LENGTH,
    MemberMove,
    MemberState,
)
from matchmaker.partnering.coalitions.gathering import Wish
from matchmaker.partnering.coalitions.grouping import FEWEST

UNITS = "キロメートルkm団体kg、,"
AS_LINE = (lambda text: clean_line(text or ""),)
"""What stands in an address may be anything; on the page it is a line of text."""
Choices = Sequence[tuple[str, str]]


class SearchForm(ProductForm):
    """What groups are looked for. It travels in the address, so that a search can be passed on."""

    offering = SelectField("受け入れる事業者（シーズ）", validate_choice=False)
    material = SelectField("品目", validate_choice=False)
    km = StringField(
        "事業者までの道のり",
        filters=AS_LINE,
        description=f"1〜{KM_MOST} km。直線の距離を1.3倍して見積もります。",
        render_kw={**REQUIRED, "inputmode": "numeric"},
    )
    around = StringField(
        "自分の町からの道のり",
        filters=AS_LINE,
        description="空けておくと、自分の町からの遠さは問いません。",
        render_kw={"inputmode": "numeric"},
    )
    members = StringField(
        "自治体の数",
        filters=AS_LINE,
        description=f"{FEWEST}〜{MEMBERS_MOST}団体までで決められます。",
        render_kw={**REQUIRED, "inputmode": "numeric"},
    )
    estimates = BooleanField("ニーズを掲載していない自治体も、人口からの推計で数える")

    @staticmethod
    def usual() -> dict[str, Any]:
        """What an untouched form holds."""
        return {"km": str(KM_USUAL), "members": str(MEMBERS_USUAL), "estimates": True}

    def offer(self, name: str, choices: Choices) -> None:
        """Say what can be chosen in a field; anything else falls back to the first."""
        field = self[name]
        field.choices = list(choices)
        if field.data not in {value for value, _ in choices} and choices:
            field.data = choices[0][0]

    def numbers(self) -> tuple[int, int | None, int] | None:
        """Kilometres, kilometres around the own town, towns; None when one has to be mended."""
        km = self._whole("km", 1, KM_MOST)
        is_near = bool(clean_line(self.around.data or ""))
        around = self._whole("around", 1, KM_MOST) if is_near else None
        members = self._whole("members", FEWEST, MEMBERS_MOST)
        if km is None or members is None or (is_near and around is None):
            return None
        return km, around, members

    def _whole(self, name: str, least: int, most: int) -> int | None:
        text = unicodedata.normalize("NFKC", clean_line(self[name].data or "")).strip(UNITS)
        number = whole_number(text)
        if number is None or not least <= number <= most:
            self.add_error(name, f"{least}から{most}までの数を入れてください。")
            return None
        return number


def search_args(wish: Wish) -> dict[str, str]:
    """The search as it stands in an address."""
    args = {
        "offering": str(wish.offering.id),
        "material": wish.material_code,
        "km": str(wish.max_km),
        "around": str(wish.around_km or ""),
        "members": str(wish.max_members),
    }
    return {**args, "estimates": "y"} if wish.with_estimates else args


class ChoiceForm(SearchForm):
    """The chosen group, with the search that it came from."""

    keys = HiddenField()
    submission_key = HiddenField()
    note = text_field(
        "ことば（任意）",
        NOTE_LENGTH,
        "声をかける相手に届きます。例：来年度の予算要求に間に合うように相談したいです。",
    )

    def chosen(self) -> list[str]:
        """Keys of the chosen towns."""
        return [key for key in (self.keys.data or "").split(",") if key]


class AnswerForm(ProductForm):
    """Yes or no, and why."""

    move = RadioField(
        "返事",
        [DataRequired("1つ選んでください。")],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    reason = text_field(
        "理由・伝えたいこと",
        REASON_LENGTH,
        "声をかけた団体と事務局が読みます。参加を取り消すときは必ず入れてください。",
    )

    def offer(self, state: MemberState) -> None:
        """Say which answers are possible now."""
        possible = [move for move in MEMBER_STATES.possible(state) if move in ANSWERS]
        self.move.choices = [(move.value, MEMBER_STATES.moves[move].label) for move in possible]

    def given(self) -> MemberMove | None:
        """The answer; None when something has to be mended."""
        if not self.validate_on_submit():
            return None
        if self.move.data not in {move.value for move in ANSWERS}:
            self.add_error("move", "1つ選んでください。")
            return None
        return MemberMove(self.move.data)


class CloseForm(ProductForm):
    """Why a coalition is given up."""

    reason = text_field(
        "理由",
        REASON_LENGTH,
        "声をかけた全員にメールで届きます。",
        wanted="理由を入れてください。",
    )


class RateForm(ProductForm):
    """How much of a material arises a head and year."""

    material = SelectField("品目", validate_choice=False, render_kw=REQUIRED)
    kg = StringField(
        "1人あたりの量",
        description="1年に1人から出る量です。空にして保存すると、この品目の推計をやめます。",
        render_kw={"inputmode": "decimal"},
    )
    source = line_field(
        "出典",
        SOURCE_LENGTH,
        "推計した量のそばに、いつも出ます。例：○○省「△△調査」令和5年度",
    )

    def amount(self) -> tuple[bool, Decimal | None]:
        """Whether the number could be read, and the number; None for an empty field."""
        text = unicodedata.normalize("NFKC", clean_line(self.kg.data or "")).replace(",", "")
        text = text.removesuffix("kg").strip()
        if not text:
            return True, None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.add_error("kg", "数字で入れてください。例：5.2")
            return False, None
        return True, number


def submission_key(text: str | None) -> str:
    """The key of a form as it came back; a new one for anything else."""
    try:
        return uuid.UUID(text or "").hex
    except ValueError:
        return uuid.uuid4().hex
