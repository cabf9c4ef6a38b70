"""Forms of the account pages (those of signing in are in ``sign_in_forms``)."""

from __future__ import annotations

from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, EqualTo, Length

from matchmaker.accounts.domain import (
    GLOBAL_ROLES,
    NAME_LENGTH,
    ORGANIZATION_ROLES,
    PASSWORD_SHORTEST,
)
from matchmaker.core.forms import NOT_CHOSEN, ProductForm

REASON_LENGTH = 500
NO_ROLE = ("", "なし")
PASSWORD_HELP = (
    f"{PASSWORD_SHORTEST}文字以上で決めます。いくつかの言葉をつなぐと、長くて覚えやすくなります。"
)


class ProfileForm(ProductForm):
    """Name and reading."""

    name = StringField(
        "名前",
        validators=[
            DataRequired("名前を入力してください。"),
            Length(max=NAME_LENGTH, message=f"名前は{NAME_LENGTH}文字までで入力してください。"),
        ],
        render_kw={"autocomplete": "name"},
    )
    kana = StringField(
        "フリガナ",
        description="カタカナで入力します。ひらがなはカタカナに直します。",
        validators=[
            Length(max=NAME_LENGTH, message=f"フリガナは{NAME_LENGTH}文字までで入力してください。")
        ],
    )


class JoinForm(ProfileForm):
    """What an invited person decides: name and password."""

    password = PasswordField(
        "パスワード",
        description=PASSWORD_HELP,
        validators=[DataRequired("パスワードを入力してください。")],
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        "パスワード（確認のためもう一度）",
        validators=[
            DataRequired("パスワードをもう一度入力してください。"),
            EqualTo("password", "2つのパスワードが同じではありません。"),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class MemberInvitationForm(ProductForm):
    """Invite somebody to one organisation."""

    email = EmailField(
        "メールアドレス",
        description="この人に、招待のメールを送ります。",
        validators=[DataRequired("メールアドレスを入力してください。")],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        "役割",
        choices=[(choice.code, choice.label) for choice in ORGANIZATION_ROLES],
        validators=[DataRequired("役割を選んでください。")],
    )


class GeneralInvitationForm(ProductForm):
    """Invite somebody to any organisation or to a role for the whole service (secretariat)."""

    email = EmailField(
        "メールアドレス",
        validators=[DataRequired("メールアドレスを入力してください。")],
        render_kw={"autocomplete": "off"},
    )
    organization = SelectField("団体", choices=[NO_ROLE], validate_choice=False)
    role = SelectField(
        "団体での役割",
        choices=[NOT_CHOSEN, *((choice.code, choice.label) for choice in ORGANIZATION_ROLES)],
    )
    global_role = RadioField(
        "全体の役割",
        choices=[NO_ROLE, *((choice.code, choice.label) for choice in GLOBAL_ROLES)],
        default="",
    )


class MemberRoleForm(ProductForm):
    """Another role for a person of the organisation."""

    role = RadioField(
        "役割",
        choices=[(choice.code, choice.label) for choice in ORGANIZATION_ROLES],
        validators=[DataRequired("役割を選んでください。")],
    )


class ReasonForm(ProductForm):
    """A step of user administration with its reason."""

    reason = TextAreaField(
        "理由",
        description="記録に残ります。",
        validators=[
            DataRequired("理由を入力してください。"),
            Length(max=REASON_LENGTH, message=f"理由は{REASON_LENGTH}文字までで入力してください。"),
        ],
    )
