"""Rules of the secretariat's own work: the vocabulary of materials, what its lists show. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.posts.domain import PostKind

CODE = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
NAME_LENGTH = 60
REASON_LENGTH = 1000
TEXT_LENGTH = 100
MATERIAL_NAMESPACE = uuid.UUID("6f0c2f5e-6c0b-5d5f-9b1c-9d1f0a6e7c11")


def material_id(code: str) -> uuid.UUID:
    """The id under which a material stands in the audit log; it follows from the code."""
    return uuid.uuid5(MATERIAL_NAMESPACE, code)


def checked_code(code: str) -> str:
    """The code of a new material.

    Raises:
        ProductError: it is not made of small letters, digits and underscores.
    """
    code = clean_line(code).lower()
    if not CODE.match(code):
        raise ProductError(
            "記号は、小文字の英字で始まる2〜40文字の英数字と _ で入れてください。", "code"
        )
    return code


def checked_name(name: str) -> str:
    """The name of a material.

    Raises:
        ProductError: it is empty or too long.
    """
    name = clean_line(name)
    if not name:
        raise ProductError("品目の名前を入れてください。", "name")
    if len(name) > NAME_LENGTH:
        raise ProductError(f"品目の名前は{NAME_LENGTH}文字以内で入れてください。", "name")
    return name


def checked_reason(reason: str) -> str:
    """The words given for a decision.

    Raises:
        ProductError: there are none, or too many.
    """
    reason = reason.strip()
    if not reason:
        raise ProductError("理由を入れてください。", "reason")
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"理由は{REASON_LENGTH:,}文字以内で入れてください。", "reason")
    return reason


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """A post that waits for the secretariat's word."""

    kind: PostKind
    id: uuid.UUID
    title: str
    organization_id: uuid.UUID
    organization_name: str
    prefecture: str | None
    submitted_at: datetime
    published_before: bool


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the audit log is narrowed to; empty values do not narrow.

    Args:
        person: part of a person's name.
        tag: beginning of a tag, such as ``posts`` or ``posts:post:moved``.
        subject: id of the record.
        begins_on: first day.
        ends_on: last day.
        problems: what could not be read, in Japanese.
    """

    person: str = ""
    tag: str = ""
    subject: uuid.UUID | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the log."""
        return not (self.person or self.tag or self.subject or self.begins_on or self.ends_on)


def audit_filter_from(values: Mapping[str, str]) -> AuditFilter:
    """The filter that a query string means; what cannot be read is left out and told."""
    problems: list[str] = []
    return AuditFilter(
        person=clean_line(values.get("person", ""))[:TEXT_LENGTH],
        tag=clean_line(values.get("tag", ""))[:TEXT_LENGTH],
        subject=_uuid(values.get("subject", ""), problems),
        begins_on=_day(values, "from", problems),
        ends_on=_day(values, "to", problems),
        problems=tuple(problems),
    )


def _uuid(text: str, problems: list[str]) -> uuid.UUID | None:
    if not text.strip():
        return None
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        problems.append("対象の番号を読めないため、しぼり込みに使っていません。")
        return None


def _day(values: Mapping[str, str], name: str, problems: list[str]) -> date | None:
    """A day typed in one field or sent as three (``from-year``, ``from-month``, ``from-day``)."""
    parts = [values.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    text = f"{parts[0]}年{parts[1]}月{parts[2]}日" if any(parts) else ""
    text = text or values.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError:
        problems.append(f"日付「{text[:20]}」は読めないため、しぼり込みに使っていません。")
        return None


TAG_LABELS: Mapping[str, str] = {
    "vocabulary:concept:added": "ことばの意味の追加",
    "vocabulary:concept:switched": "ことばの意味の停止・再開",
    "vocabulary:term:added": "ことばの追加",
    "vocabulary:term:switched": "ことばの停止・再開",
    "groups:group:founded": "WGの登録",
    "groups:group:changed": "WGの情報の変更",
    "groups:group:moved": "WGの状態の変更",
    "groups:member:joined": "WGへの参加",
    "groups:member:role-changed": "WGでの役割の変更",
    "groups:member:ended": "WGでの役割の終わり",
    "groups:member:handed-over": "WGでの役割の引き継ぎ",
    "groups:application:made": "WGへの参加の申し込み",
    "groups:application:invited": "WGへの招待",
    "groups:application:decided": "WGの申し込み・招待への返事",
    "groups:application:withdrawn": "WGの申し込み・招待の取り下げ",
    "tables:plan:changed": "配席の設定の変更",
    "tables:guest:answered": "テーブルでの対話の回答",
    "tables:version:made": "座席表の作成",
    "tables:version:released": "座席表のお知らせ",
    "tables:outcome:recorded": "対話の結果の記録",
    "posts:post:saved": "ニーズ・シーズの保存",
    "posts:post:moved": "ニーズ・シーズの状態の変更",
    "posts:post:deleted": "ニーズ・シーズの削除",
    "posts:post:expiring": "掲載の期限の知らせ",
    "posts:attachment:added": "添付ファイルの追加",
    "posts:attachment:removed": "添付ファイルの削除",
    "posts:import:started": "取り込みの開始",
    "posts:import:finished": "取り込みの完了",
    "posts:import:failed": "取り込みの失敗",
    "posts:import:undone": "取り込みの取り消し",
    "matching:recommendation:judged": "おすすめへの評価",
    "matching:exposure-policy:changed": "紹介の配分の決まりの変更",
    "matching:exposure-prices:computed": "紹介の配分の計算",
    "matching:pair:judged": "ニーズとシーズの組の判定",
    "matching:pair:judgement-taken-back": "ニーズとシーズの組の判定の取り消し",
    "matching:pair:skipped": "ニーズとシーズの組の判定の見送り",
    "releases:version:trained": "並び方の新しい版の作成",
    "releases:version:checked": "並び方の版の比べ直し",
    "releases:version:promoted": "並び方の版の使い始め",
    "releases:version:rolled-back": "並び方を以前の版に戻したこと",
    "releases:version:shadowed": "並び方の版の並走の開始",
    "releases:version:unshadowed": "並び方の版の並走の終わり",
    "releases:version:refused": "並び方の版の見送り",
    "releases:run:requested": "並び方の版の作成・比較の依頼",
    "releases:run:failed": "並び方の版の作成・比較の失敗",
    "organizations:organization:created": "団体の登録",
    "organizations:organization:changed": "団体の情報の変更",
    "organizations:organization:trust-changed": "団体の信頼の設定",
    "organizations:organization:withdrawn": "団体の退会",
    "organizations:organization:readmitted": "団体の再参加",
    "accounts:user:created": "利用者の登録",
    "accounts:user:renamed": "利用者の名前の変更",
    "accounts:user:signed-in": "サインイン",
    "accounts:user:locked": "アカウントのロック",
    "accounts:user:unlocked": "アカウントのロック解除",
    "accounts:user:deactivated": "アカウントの停止",
    "accounts:user:reactivated": "アカウントの再開",
    "accounts:user:role-changed": "利用者の役割の変更",
    "accounts:user:password-changed": "パスワードの変更",
    "accounts:user:two-factor-changed": "2段階認証の変更",
    "accounts:user:help-wanted": "サインインの手助けの依頼",
    "accounts:member:changed": "団体の人の変更",
    "accounts:invitation:sent": "招待",
    "accounts:invitation:accepted": "招待の受け入れ",
    "accounts:invitation:revoked": "招待の取り消し",
    "accounts:mail:due": "サインインに関するメール",
    "cases:case:saved": "事例の登録・変更",
    "cases:draft:saved": "事例の下書きの保存",
    "cases:draft:moved": "事例の下書きの状態の変更",
    "floor:settings:changed": "質問の受け付け方の変更",
    "floor:link:renewed": "投影のリンクや参加用コードの作り直し",
    "floor:projection:changed": "会場の画面の切り替え",
    "floor:question:sent": "イベントの質問が届いたこと",
    "floor:question:moved": "イベントの質問の状態の変更",
    "floor:question:reworded": "イベントの質問の文の手直し",
    "floor:question:queued": "次に答える質問の順番の変更",
    "floor:question:merged": "似た質問をまとめたこと",
    "floor:question:separated": "まとめた質問を元に戻したこと",
    "floor:question:voted": "質問への支持",
    "floor:poll:saved": "挙手の用意",
    "floor:poll:moved": "挙手の開始と締め切り",
    "floor:poll:answered": "挙手への答え",
    "floor:guests:forgotten": "イベントの質問から名前を消したこと",
    "calls:call:saved": "公募の保存",
    "calls:call:moved": "公募の状態の変更",
    "calls:call:cancelled": "公募の中止",
    "calls:call:extended": "公募の締切の延長",
    "calls:call:opened": "公募の受付開始",
    "calls:call:closing-soon": "公募の締切の知らせ",
    "calls:call:frozen": "公募の質問の固定",
    "calls:reviewer:added": "審査員の追加",
    "calls:reviewer:left": "審査員が外れたこと",
    "calls:question:asked": "公募への質問",
    "calls:question:moved": "公募への質問の扱い",
    "pages:reference-event:saved": "行事の登録・変更",
    "regional-events:event:created": "イベントの下書きの作成",
    "regional-events:event:copied": "イベントの内容を写した下書きの作成",
    "regional-events:event:changed": "イベントの変更",
    "regional-events:event:moved": "イベントの状態の変更",
    "regional-events:track:changed": "イベントの参加方法と席の変更",
    "regional-events:programme:changed": "イベントのプログラムの変更",
    "regional-events:speaker:changed": "イベントの登壇者の変更",
    "regional-events:speaker:asked": "登壇者への掲載の確認の依頼",
    "regional-events:speaker:answered": "登壇者からの掲載の返事",
    "regional-events:material:changed": "イベントの資料と録画の変更",
    "regional-events:questions:changed": "イベントの申し込みの質問の変更",
    "regional-events:themes:asked": "イベントのテーマの募集",
    "regional-events:staff:changed": "イベントのスタッフの変更",
    "regional-events:invitees:changed": "イベントの招待の変更",
    "regional-events:reference-event:saved": "これまでのイベントの登録・変更",
    "meetings:meeting:planned": "会合の登録",
    "meetings:meeting:changed": "会合の予定の変更",
    "meetings:meeting:moved": "会合の状態の変更",
    "meetings:agenda:changed": "会合の議題の変更",
    "meetings:attendance:answered": "会合の出欠の回答",
    "meetings:preparation:changed": "会合の準備の項目の変更",
    "meetings:attendance:checked-in": "会合の出席の受付",
    "meetings:attendance:check-in-undone": "会合の出席の取り消し",
    "meetings:check-in-code:renewed": "会合の受付コードの更新",
    "meetings:minutes:begun": "議事録の書き始め",
    "meetings:minutes:written": "議事録の保存",
    "meetings:minutes:settings-changed": "議事録の種類と読める人の変更",
    "meetings:minutes:check-asked": "議事録の確認の依頼",
    "meetings:minutes:checked": "議事録の確認の返事",
    "meetings:minutes:reworked": "議事録を下書きに戻す",
    "meetings:minutes:published": "議事録の公開",
    "meetings:minutes:correction-begun": "議事録の訂正の開始",
    "meetings:minutes:findings-taken": "議事録からの決定とタスクの記録",
    "meetings:minutes:missing": "議事録がないことの知らせ",
    "meetings:recording:linked": "会合の録画の登録",
    "meetings:survey:created": "会合のアンケートの作成",
    "registrations:import:started": "イベントの名簿の登録の開始",
    "registrations:import:finished": "イベントの名簿の登録の完了",
    "registrations:import:failed": "イベントの名簿の登録の中止",
    "registrations:registration:made": "参加登録の申し込み",
    "registrations:registration:to-confirm": "参加登録の確認メールの用意",
    "registrations:registration:confirmed": "参加登録のメールアドレスの確認",
    "registrations:registration:expired": "確認のなかった参加登録の終わり",
    "registrations:registration:repeated": "登録済みの方からの再度の申し込み",
    "registrations:seat:confirmed": "イベントの席の確定",
    "registrations:seat:waiting": "イベントのキャンセル待ちの始まり",
    "registrations:seat:offered": "イベントの席のご案内",
    "registrations:seat:offer-ended": "イベントの席のご案内の終わり",
    "registrations:seat:moved": "事務局によるイベントの席の移動",
    "registrations:seat:handed-over": "イベントの席の引き継ぎ",
    "registrations:seat:cancelled": "イベントの参加の取り消し",
    "registrations:seat:restored": "イベントの参加の取り消しの取り消し",
    "registrations:line:left": "イベントのキャンセル待ちの取りやめ",
    "registrations:line:changed": "イベントのキャンセル待ちの変更",
    "registrations:wave:released": "イベントの追加の枠の受け付け",
    "registrations:capacity:lowered": "イベントの席数の削減",
    "registrations:attendee:corrected": "事務局による参加者の訂正",
    "registrations:attendee:sent-again": "参加の案内の再送",
    "registrations:seats:repaired": "イベントの席の数え直し",
    "regional-events:attendee:received": "イベントの受付",
    "regional-events:attendee:reception-undone": "イベントの受付の取り消し",
    "regional-events:attendee:walk-in-admitted": "イベントの当日参加の受け入れ",
    "regional-events:room:filled": "イベントの会場の埋まり具合のお知らせ",
    "regional-events:reception-device:listed": "イベントの受付名簿の端末への取り込み",
    "regional-events:reception-device:revoked": "イベントの受付名簿の端末からの取り消し",
    "regional-events:badges:printed": "イベントの名札の印刷",
    "regional-events:online-attendance:imported": "イベントのオンライン出席の取り込み",
    "event_reports:report:saved": "開催報告の保存",
    "event_reports:report:moved": "開催報告の公開・取り下げ",
    "event_reports:report:corrected": "公開した開催報告の訂正",
    "event_reports:photo:added": "開催報告の写真の追加",
    "event_reports:photo:changed": "開催報告の写真の説明の変更",
    "event_reports:photo:removed": "開催報告の写真の削除",
    "event_reports:costs:changed": "イベントの費用の保存",
    "event_reports:mailing:sent": "イベント後のメールの送信",
    "event_reports:survey:created": "イベントのアンケートの作成",
    "event_reports:guests:deletion-near": "参加者の情報を消す前の通知",
    "event_reports:guests:deleted": "イベントの参加者の情報の削除",
    "event_reports:guest:forgotten": "本人の希望による参加者の情報の削除",
    "surveys:survey:created": "アンケートの作成",
    "surveys:survey:changed": "アンケートの変更",
    "surveys:survey:removed": "アンケートの取りやめ",
    "surveys:survey:answered": "アンケートへの回答",
    "surveys:survey:answers-wanted": "アンケートへの回答のお願い",
    "groups:post:saved": "WGの活動発信の保存",
    "groups:post:published": "WGの活動発信の公開",
    "groups:post:retracted": "WGの活動発信の取り下げ",
    "groups:document:added": "WGの資料の追加",
    "groups:document:replaced": "WGの資料の差し替え",
    "groups:document:changed": "WGの資料の設定の変更",
    "groups:document:removed": "WGの資料の取り除き",
    "groups:document:restored": "WGの資料を元に戻した",
    "groups:task:saved": "WGのタスクの保存",
    "groups:task:moved": "WGのタスクの状態の変更",
    "groups:decision:logged": "WGの決定の記録",
    "groups:decision:replaced": "WGの決定の置き換え",
    "groups:digest:chosen": "WGのお知らせメールの選択",
    "groups:calendar:renewed": "カレンダーのアドレスの作成",
    "groups:calendar:stopped": "カレンダーのアドレスの停止",
    "reviews:call:assigned": "審査の割り当て",
    "reviews:call:released": "審査の結果の通知",
    "reviews:review:reopened": "採点の見直しの依頼",
    "reviews:review:saved": "採点の下書き",
    "reviews:review:submitted": "採点の提出",
    "reviews:conflict:declared": "利益相反の申告",
    "reviews:conflict:taken-back": "利益相反の申告の取り消し",
    "reviews:comment:written": "審査の討議への書き込み",
    "reviews:comment:retracted": "審査の討議の取り消し",
    "reviews:decision:prepared": "決定の案の保存",
    "reviews:decision:checked": "決定の案の確認",
    "reviews:decision:released": "決定の通知",
    "reviews:decision:corrected": "決定の訂正",
    "matching:encoder:moved": "文章を読むしくみの入れ替え",
    "secretariat:material:added": "品目の追加",
    "secretariat:material:renamed": "品目の名前の変更",
    "secretariat:material:deactivated": "品目の利用停止",
    "secretariat:material:reactivated": "品目の利用再開",
    "proposals:proposal:begun": "提案を書き始めた",
    "proposals:proposal:saved": "提案を保存した",
    "proposals:proposal:moved": "提案の状態を変えた",
    "proposals:proposal:extended": "提案の締切を延ばした",
    "proposals:author:invited": "提案をいっしょに書く案内を送った",
    "proposals:author:answered": "提案をいっしょに書く案内に答えた",
    "proposals:author:left": "提案を書く人から外れた",
    "proposals:lead:offered": "提案の代表の引き継ぎを頼んだ",
    "proposals:lead:handed_over": "提案の代表の引き継ぎに答えた",
    "proposals:coordination:proposed": "推進体制の調整を始めた",
    "proposals:coordination:answered": "推進体制の調整に答えた",
    "proposals:coordination:ended": "推進体制の調整を終えた",
    "introductions:introduction:sent": "関心の伝達",
    "introductions:introduction:moved": "紹介の状態の変更",
    "introductions:introduction:nudged": "紹介の返事のお願い",
    "introductions:introduction:corrected": "紹介の訂正",
    "post-questions:question:asked": "投稿への質問",
    "post-questions:question:moved": "投稿への質問の回答・取り下げ",
    "matches:match:made": "紹介の成立",
    "matches:match:undone": "成立の取消し",
    "matches:match:changed": "成立後の共有ページの変更",
    "matches:appointment:changed": "打合せの日程の変更",
    "coalitions:coalition:formed": "連合への声かけ",
    "coalitions:member:asked": "連合への参加のお願い",
    "coalitions:member:answered": "連合への参加の回答",
    "coalitions:rate:kept": "推計に使う1人あたりの量",
    "coalitions:coalition:reached": "連合の成立",
    "coalitions:coalition:closed": "連合の終了",
    "consortia:consortium:founded": "座組の立ち上げ",
    "consortia:consortium:changed": "座組の内容の変更",
    "consortia:consortium:moved": "座組の状態の変更",
    "consortia:partner:moved": "座組の参加者の変更",
    "consortia:partner:roles-changed": "座組での役割の変更",
    "consortia:partner:agreed": "座組の内容への同意",
    "consortia:lead:offered": "座組の代表の引き継ぎの案内",
    "consortia:lead:answered": "座組の代表の引き継ぎへの返事",
    "consortia:proposal:linked": "座組と提案のつながり",
    "consortium_documents:approval:drafted": "座組の起案書の作成",
    "consortium_documents:pack:returned": "座組のExcelの受け取り",
    "consortium_documents:pack:decided": "座組のExcelの取り込み・見送り",
    "support_programmes:programme:saved": "支援策の保存",
    "support_programmes:figures:saved": "支援策のための見込みの保存",
    "pilots:pilot:planned": "実証の計画",
    "pilots:pilot:changed": "実証の計画の変更",
    "pilots:pilot:moved": "実証の状態の変更",
    "pilots:report:handed-in": "実証の報告の提出",
    "pilots:report:due": "実証の報告のお願い",
    "blank_map:theme:drafted": "空白地図からの公募案",
}
"""What people read for each tag of the audit log."""
