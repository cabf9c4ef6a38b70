"""All jobs of the worker."""

from __future__ import annotations

from datetime import datetime, time

from matchmaker.core import storage
from matchmaker.jobs import service
from matchmaker.jobs.domain import Daily, Every, Job
from matchmaker.matching import engine as matching_index
from matchmaker.matching import jobs as matching
from matchmaker.matching.encoders import jobs as encoders
from matchmaker.matching.exposure import jobs as exposure
from matchmaker.matching.ledger import jobs as ledger
from matchmaker.matching.releases import jobs as ranking_releases
from matchmaker.matching.writing import service as writing
from matchmaker.needs.types import NEED
from matchmaker.notifications import jobs as mail
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.introductions import jobs as introductions
from matchmaker.partnering.introductions.matches import jobs as matches
from matchmaker.partnering.pilots import jobs as pilots
from matchmaker.posts import jobs as posts
from matchmaker.posts.imports import jobs as imports
from matchmaker.regional_events.floor import jobs as event_floor
from matchmaker.regional_events.registrations import jobs as seats
from matchmaker.regional_events.registrations import reminders as event_reminders
from matchmaker.regional_events.registrations.imports import jobs as guest_imports
from matchmaker.regional_events.reports.retention import jobs as guest_retention
from matchmaker.regional_events.tables import jobs as tables
from matchmaker.surveys import jobs as surveys
from matchmaker.working_groups.calls import jobs as calls
from matchmaker.working_groups.groups import jobs as groups
from matchmaker.working_groups.groups.activity import digests as group_news
from matchmaker.working_groups.groups.activity import reminders as group_reminders
from matchmaker.working_groups.meetings import jobs as meetings
from matchmaker.working_groups.meetings.after import jobs as after_meetings
from matchmaker.working_groups.meetings.minutes import jobs as minutes
from matchmaker.working_groups.proposals import jobs as proposals
from matchmaker.working_groups.reviews import jobs as reviews

POST_TYPES = (NEED, OFFERING)


def warn_of_expiry(now: datetime) -> int:
    """Warn of posts that expire within two weeks."""
    return posts.warn_of_expiry(POST_TYPES, now)


def close_expired(now: datetime) -> int:
    """Close posts whose last day is over."""
    return posts.close_expired(POST_TYPES, now)


def deliver_mail(now: datetime) -> int:
    """Deliver what waits in the outbox."""
    return mail.deliver_due(now).sent


JOBS: tuple[Job, ...] = (
    Job("mail.deliver", "送信待ちのメールを送ります。", Every(5), deliver_mail),
    Job(
        "matching.index",
        "新しく書かれた内容を、おすすめに反映します。",
        Every(2),
        matching.process_index_queue,
    ),
    Job(
        "matching.readings",
        "おすすめの候補について、両方の文章を合わせて読みます。",
        Every(5),
        matching.read_pairs,
    ),
    Job(
        "matching.exposure",
        "どの団体が何回紹介されるかを計算し、偏りをおさえます。",
        Every(60),
        exposure.refresh_prices,
    ),
    Job(
        "matching.judging",
        "判定をお願いしたい組を探します。",
        Every(60),
        ledger.find_pairs_to_judge,
    ),
    Job(
        "matching.missing",
        "意味の情報が足りないものを探して、作り直しを頼みます。",
        Daily(time(3, 0)),
        matching.request_what_is_missing,
    ),
    Job(
        "matching.encoder",
        "文章を読むしくみの入れ替えを進めます。",
        Every(30),
        encoders.follow_setting,
    ),
    Job(
        "matching.old_vectors",
        "使わなくなったしくみで準備した文章の情報を消します。",
        Daily(time(4, 10)),
        encoders.forget_old_vectors,
    ),
    Job(
        "ranking.requests",
        "並び方の版を作り、比べます。",
        Every(5),
        ranking_releases.run_requests,
    ),
    Job(
        "ranking.candidate",
        "判定が増えていれば、週に一度、並び方の新しい候補を作ります。",
        Daily(time(2, 40)),
        ranking_releases.want_candidate,
    ),
    Job(
        "ranking.shadow",
        "並走中の版と、いまの版の並び方を比べます。",
        Daily(time(4, 50)),
        ranking_releases.compare_shadow,
    ),
    Job(
        "matching.put_aside",
        "半年前に見送られた、書くときの候補の控えを消します。",
        Daily(time(3, 40)),
        writing.drop_old,
    ),
    Job(
        "matching.save",
        "おすすめの準備を速くするため、読み終えた内容をファイルに残します。",
        Every(3600),
        matching_index.save_index,
    ),
    Job(
        "registrations.remind",
        "あしたのイベントを、参加する方に知らせます。",
        Daily(time(8, 0)),
        event_reminders.remind_of_tomorrow,
    ),
    Job(
        "matches.next_steps",
        "話し合いで決めた「次にすること」の期限を、担当者に知らせます。",
        Daily(time(8, 20)),
        matches.remind_of_next_steps,
    ),
    Job("posts.close_expired", "期限を過ぎた掲載を終えます。", Daily(time(0, 5)), close_expired),
    Job("posts.warn", "期限が近い掲載を知らせます。", Daily(time(6, 0)), warn_of_expiry),
    Job(
        "posts.copies",
        "長く使われていない書きかけを消します。",
        Daily(time(3, 20)),
        posts.drop_abandoned_copies,
    ),
    Job(
        "posts.imports",
        "ファイルの取り込みと取り消しを進めます。",
        Every(2),
        imports.run_due_imports,
    ),
    Job(
        "posts.forget_imports",
        "始めなかった取り込みと、古い取り込みの中身を消します。",
        Daily(time(3, 40)),
        imports.forget_old_imports,
    ),
    Job(
        "files.sweep",
        "どこからも使われなくなったファイルを消します。",
        Daily(time(3, 50)),
        storage.sweep,
    ),
    Job(
        "groups.vacant_chairs",
        "座長の最後の日が過ぎたWGを知らせます。",
        Daily(time(6, 20)),
        groups.tell_of_vacant_chairs,
    ),
    Job(
        "surveys.ask",
        "アンケートへの回答をお願いし、まだの人に一度だけ知らせます。",
        Every(60),
        surveys.ask_for_answers,
    ),
    Job(
        "events.guests_soon",
        "参加者の情報を消す1週間前に、イベントの担当者に知らせます。",
        Daily(time(8, 10)),
        guest_retention.tell_of_deletion,
    ),
    Job(
        "events.guests",
        "期間が過ぎたイベントの、アカウントのない参加者の情報を消します。",
        Daily(time(4, 30)),
        guest_retention.delete_due_guests,
    ),
    Job("mail.forget", "古いメールの本文を消します。", Daily(time(3, 40)), mail.forget_old),
    Job("jobs.prune", "古い実行の記録を消します。", Daily(time(3, 30)), service.prune),
    Job(
        "meetings.ask",
        "会合の出欠をまだ答えていない人に知らせます。",
        Daily(time(7, 0)),
        meetings.remind_to_answer,
    ),
    Job(
        "meetings.tomorrow",
        "会合の前の日に、出席する人に知らせます。",
        Daily(time(7, 10)),
        meetings.remind_of_tomorrow,
    ),
    Job(
        "meetings.minutes",
        "議事録がまだない会合の運営者に知らせます。",
        Daily(time(9, 0)),
        after_meetings.remind_of_missing_minutes,
    ),
    Job(
        "meetings.versions",
        "議事録の細かすぎる古い版をまとめます。",
        Daily(time(4, 20)),
        minutes.thin_versions,
    ),
    Job("meetings.close", "終わった会合を開催済みにします。", Every(300), meetings.close_held),
    Job(
        "groups.news",
        "WGの新しい動きを、それぞれが選んだ間隔で知らせます。",
        Every(60),
        group_news.send_news,
    ),
    Job(
        "groups.tasks",
        "期限が近い・過ぎたWGのタスクを、担当者に知らせます。",
        Daily(time(7, 20)),
        group_reminders.remind_of_tasks,
    ),
    Job("calls.announce", "始まった公募を会員に知らせます。", Every(60), calls.announce_opened),
    Job(
        "calls.closing",
        "締切が近い公募を、提案を書いている人に知らせます。",
        Every(600),
        calls.remind_of_closing,
    ),
    Job(
        "reviews.assign",
        "受付が終わった公募の審査を割り当てます。",
        Every(60),
        reviews.hand_out_reviews,
    ),
    Job(
        "reviews.remind",
        "審査の期限の7日前と1日前に、まだの人に知らせます。",
        Daily(time(7, 30)),
        reviews.remind_of_reviews,
    ),
    Job(
        "proposals.encode",
        "提出された提案を、近い提案を探せるようにします。",
        Every(30),
        proposals.encode_proposals,
    ),
    Job(
        "proposals.thin",
        "提案の古い自動保存の版を減らします。",
        Daily(time(4, 10)),
        proposals.thin_revisions,
    ),
    Job(
        "guests.imports",
        "イベントの名簿にある人を登録します。",
        Every(2),
        guest_imports.run_due_imports,
    ),
    Job(
        "guests.forget_imports",
        "始めなかったイベントの名簿と、古い名簿の中身を消します。",
        Daily(time(3, 45)),
        guest_imports.forget_old_imports,
    ),
    Job(
        "seats.waves",
        "時刻になった追加の枠の席を、順番に案内します。",
        Every(10),
        seats.release_waves,
    ),
    Job(
        "seats.offers",
        "返事の期限を過ぎた席のご案内を終え、次の方に回します。",
        Every(20),
        seats.expire_offers,
    ),
    Job(
        "seats.unconfirmed",
        "メールアドレスの確認がなかった参加登録を終えます。",
        Every(300),
        seats.expire_unconfirmed,
    ),
    Job(
        "seats.fill",
        "受付の始まりや開催の直前に、空いた席を順番に案内します。",
        Every(60),
        seats.fill_seats,
    ),
    Job(
        "floor.vectors",
        "イベントで届いた質問の、意味の情報を作ります。",
        Every(2),
        event_floor.encode_questions,
    ),
    Job(
        "tables.solve",
        "大きな会場の座席表を作ります。",
        Every(2),
        tables.make_wanted_versions,
    ),
    Job(
        "pilots.reports",
        "実証の報告の期日が近いときと、過ぎたときに、書く人に知らせます。",
        Daily(time(7, 40)),
        pilots.remind_of_reports,
    ),
    Job(
        "introductions.remind",
        "返事の期限の中ほどと最後の日に、まだ返事をしていない団体に知らせます。",
        Daily(time(8, 0)),
        introductions.remind,
    ),
    Job(
        "introductions.close",
        "期限から3日たっても返事がない紹介を、回答なしとして閉じます。",
        Daily(time(8, 5)),
        introductions.close_unanswered,
    ),
)
