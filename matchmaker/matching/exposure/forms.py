"""The form of the policy of exposure."""

from __future__ import annotations

from decimal import Decimal

from wtforms import BooleanField, DecimalField, IntegerField
from wtforms.validators import InputRequired

from matchmaker.core.form_fields import text_field
from matchmaker.core.forms import ProductForm
from matchmaker.matching.exposure.domain import PolicyValues

NUMBER_NEEDED = InputRequired("数を入れてください。")
NEEDED = {"data-required": "true"}


def _number(typed: Decimal | None) -> float:
    """A typed number; what is none lies outside of every range."""
    return float(typed) if typed is not None and not typed.is_nan() else -1.0


class PolicyForm(ProductForm):
    """How often organisations are shown, and why that is changed."""

    is_on = BooleanField("紹介の配分を調整する", description="外すと、合いそうな順のまま並べます。")
    bound_factor = DecimalField(
        "上限（平均の何倍まで）",
        [NUMBER_NEEDED],
        description="一つの団体が紹介される回数の上限です。全団体の平均の何倍かで決めます。",
        render_kw=NEEDED,
    )
    overbooking = DecimalField(
        "空いている能力の何倍まで紹介するか",
        [NUMBER_NEEDED],
        description="空いている能力で受けられる件数の何倍まで紹介するかを決めます。"
        "能力が書かれていない団体には使いません。",
        render_kw=NEEDED,
    )
    floor = IntegerField(
        "小さな会員・新しい会員の下限（回）",
        [NUMBER_NEEDED],
        description="十分に合いそうなニーズがあるときに、少なくともこの回数は紹介します。",
        render_kw=NEEDED,
    )
    new_days = IntegerField(
        "新しい会員とみなす日数",
        [NUMBER_NEEDED],
        description="会員になってからの日数です。",
        render_kw=NEEDED,
    )
    reason = text_field(
        "変える理由", 500, "記録に残ります。", wanted="変える理由を入れてください。"
    )

    def values(self) -> PolicyValues:
        """What was typed; only after validation."""
        return PolicyValues(
            is_on=bool(self.is_on.data),
            bound_factor=_number(self.bound_factor.data),
            overbooking=_number(self.overbooking.data),
            floor=self.floor.data if self.floor.data is not None else -1,
            new_days=self.new_days.data if self.new_days.data is not None else -1,
        )
