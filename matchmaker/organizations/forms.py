"""Forms of organisations."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import DataRequired, Length

from matchmaker.core.fields import Choice
from matchmaker.core.forms import NOT_CHOSEN, ProductForm
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.organizations.domain import (
    CATEGORIES,
    COMPANY_SIZES,
    DESCRIPTION_LENGTH,
    INDUSTRIES,
    NAME_LENGTH,
    OrganizationData,
)

REASON_LENGTH = 500
NO_ANSWER = ("", "答えない")


def _pairs(choices: tuple[Choice, ...]) -> list[tuple[str, str]]:
    return [(choice.code, choice.label) for choice in choices]


class OrganizationForm(ProductForm):
    """Everything the organisation itself says about itself; the domain checks it."""

    name = StringField(
        "団体の名前",
        render_kw={
            "data-required": "true",
            "maxlength": str(NAME_LENGTH),
            "autocomplete": "organization",
        },
    )
    kana = StringField(
        "フリガナ", description="カタカナで入力します。ひらがなはカタカナに直します。"
    )
    category = RadioField(
        "区分",
        choices=_pairs(CATEGORIES),
        validate_choice=False,
        render_kw={"data-required": "true"},
    )
    company_size = RadioField(
        "企業の規模", choices=[*_pairs(COMPANY_SIZES), NO_ANSWER], validate_choice=False
    )
    industry = SelectField("業種", choices=[NOT_CHOSEN, *_pairs(INDUSTRIES)], validate_choice=False)
    corporate_number = StringField(
        "法人番号",
        description="13けたの数字です。国税庁の法人番号公表サイトで調べられます。",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    local_government_code = StringField(
        "全国地方公共団体コード",
        description="自治体だけが入力します。検査数字を含む6けたの数字です。",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    prefecture = SelectField(
        "都道府県",
        choices=[NOT_CHOSEN, *((name, name) for name in PREFECTURES)],
        validate_choice=False,
        render_kw={"data-required": "true"},
    )
    municipality_code = StringField(
        "市区町村",
        description="名前か、6けたの団体コードを入力します。",
        render_kw={"data-municipality": "true"},
    )
    website = URLField("ウェブサイト", render_kw={"autocomplete": "url"})
    description = TextAreaField(
        "紹介文",
        description="何をしている団体か、何を探しているかを書くと、相手に伝わりやすくなります。",
        render_kw={"data-max-length": str(DESCRIPTION_LENGTH)},
    )

    def organization_data(self, municipality_code: str) -> OrganizationData:
        """What was typed.

        Args:
            municipality_code: code for what was typed as municipality, as far as it was found.
        """
        return OrganizationData(
            name=self.name.data or "",
            kana=self.kana.data or "",
            category=self.category.data or "",
            company_size=self.company_size.data or "",
            industry=self.industry.data or "",
            corporate_number=self.corporate_number.data or "",
            local_government_code=self.local_government_code.data or "",
            prefecture=self.prefecture.data or "",
            municipality_code=municipality_code,
            website=self.website.data or "",
            description=self.description.data or "",
        )


class LogoForm(ProductForm):
    """A picture, or the wish to have none."""

    file = FileField("ロゴ画像")
    remove = BooleanField("いまのロゴを消す")


class DecisionForm(ProductForm):
    """A decision of the secretariat with its reason."""

    reason = TextAreaField(
        "理由",
        description="記録に残ります。",
        validators=[
            DataRequired("理由を入力してください。"),
            Length(max=REASON_LENGTH, message=f"理由は{REASON_LENGTH}文字までで入力してください。"),
        ],
    )
