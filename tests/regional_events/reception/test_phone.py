"""The phone's page in a real browser: scanning, and a time without a connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.regional_events.reception.models import CheckIn, ReceptionDevice
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import cancel_attendee
from tests.regional_events.reception.door_world import PASSWORD, DoorWorld
from tests.regional_events.reception.serving import served

PASSPHRASE = "みどりの山と青い空"
PHONE = {"width": 375, "height": 812}


@pytest.fixture(name="world")
def door_world(app: Flask) -> DoorWorld:
    return DoorWorld(app, csrf=True)


@pytest.fixture(name="site")
def served_site(world: DoorWorld) -> Iterator[str]:
    with served(world.app) as url:
        yield url


@pytest.fixture(name="context")
def phone_context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=site, viewport=PHONE, locale="ja-JP")  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture(name="phone")
def signed_in_phone(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("メールアドレス").fill("receptionist@example.com")
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    expect(page.get_by_role("button", name="サインインする")).to_have_count(0)
    return page


def enter(page: Page, code: str, words: str) -> None:
    page.get_by_label("受付コード").fill(code)
    page.get_by_role("button", name="受け付ける").first.click()
    expect(page.locator("[data-result]")).to_contain_text(words)


def taken(world: DoorWorld) -> list[str]:
    with world.app.app_context():
        query = select(Attendee.name).join(CheckIn, CheckIn.attendee_id == Attendee.id)
        return sorted(db.session.scalars(query))


def test_a_time_without_a_connection(
    world: DoorWorld, context: BrowserContext, phone: Page
) -> None:
    _, first = world.stored_person("山田 花子", kana="ヤマダ ハナコ")
    _, second = world.stored_person("佐藤 次郎", kana="サトウ ジロウ")
    _, third = world.stored_person("鈴木 三郎", kana="スズキ サブロウ")
    gone_id, gone = world.stored_person("高木 四郎")
    phone.goto(world.address("/scanner"))
    enter(phone, first, "受け付けました")
    expect(phone.locator("[data-counts]")).to_contain_text("1人")
    _take_list(phone)

    context.set_offline(True)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("カメラで受付")
    expect(phone.locator("[data-line]")).to_contain_text("電波がありません")
    _unlock(phone)
    enter(phone, first, "受付済み")
    enter(phone, second, "佐藤 次郎")
    enter(phone, second, "この端末で受け付けています")
    enter(phone, gone, "高木 四郎")
    enter(phone, "ZZZZ2345EFGH6789", "名簿にありません")
    phone.get_by_label("名前・フリガナ・団体で探す").fill("ｽｽﾞｷ")
    phone.get_by_role("button", name="探す").click()
    phone.locator("[data-found]").get_by_role("button", name="受け付ける").click()
    expect(phone.locator("[data-result]")).to_contain_text("鈴木 三郎")
    expect(phone.locator("[data-line]")).to_contain_text("4件")
    assert taken(world) == ["山田 花子"]
    _meanwhile(world, third, gone_id)

    context.set_offline(False)
    expect(phone.locator("[data-line]")).to_have_text("つながっています。")
    assert taken(world) == ["佐藤 次郎", "山田 花子", "鈴木 三郎"]
    checks = phone.locator("[data-check-list]")
    expect(checks).to_contain_text("高木 四郎")
    expect(checks).to_contain_text("取り消された登録です")
    expect(checks).to_contain_text("登録が見つかりません")
    expect(checks).to_contain_text("鈴木 三郎")


def _take_list(phone: Page) -> None:
    phone.get_by_label("端末の呼び名").fill("受付1")
    phone.get_by_label("合言葉（8文字以上）").fill("短い")
    phone.get_by_role("button", name="名簿を取り込む").click()
    expect(phone.locator("[data-list-error]")).to_contain_text("8文字以上")
    phone.get_by_label("合言葉（8文字以上）").fill(PASSPHRASE)
    phone.get_by_role("button", name="名簿を取り込む").click()
    expect(phone.locator("[data-offline-state]")).to_contain_text("4人の名簿")


def _unlock(phone: Page) -> None:
    phone.get_by_label("合言葉", exact=True).fill("ちがう合言葉です")
    phone.get_by_role("button", name="名簿を開く").click()
    expect(phone.locator("[data-unlock-error]")).to_contain_text("合言葉がちがいます")
    phone.get_by_label("合言葉", exact=True).fill(PASSPHRASE)
    phone.get_by_role("button", name="名簿を開く").click()
    expect(phone.locator("[data-offline-state]")).to_contain_text("4人の名簿")


def _meanwhile(world: DoorWorld, third: str, gone_id: object) -> None:
    """Another desk takes one of them, and one cancels."""
    desk = world.app.test_client()
    world.app.config["WTF_CSRF_ENABLED"] = False
    desk.post("/sign-in", data={"email": "secretariat@example.com", "password": PASSWORD})
    desk.post(world.address("/check-ins"), data={"code": third})
    world.app.config["WTF_CSRF_ENABLED"] = True
    with world.app.app_context():
        attendee = db.session.get_one(Attendee, gone_id)
        cancel_attendee(attendee, "都合", world.actor("secretariat"), world.now)
        db.session.commit()


def test_what_lies_on_the_phone_names_nobody_and_can_be_taken_away(
    world: DoorWorld, phone: Page
) -> None:
    _, code = world.stored_person("山田 花子", organization="緑山工業")
    phone.goto(world.address("/scanner"))
    phone.get_by_label("端末の呼び名").fill("受付1")
    phone.get_by_label("合言葉（8文字以上）").fill(PASSPHRASE)
    phone.get_by_role("button", name="名簿を取り込む").click()
    expect(phone.locator("[data-offline-state]")).to_contain_text("1人の名簿")
    kept = phone.evaluate(KEPT)
    assert "secret" in kept
    for secret in ("山田", "緑山", code, PASSPHRASE):
        assert secret not in kept
    with world.app.app_context():
        device = db.session.scalars(select(ReceptionDevice)).one()
        device.revoked_at = world.now
        db.session.commit()
    phone.reload()
    expect(phone.locator("[data-offline-state]")).to_contain_text("取り消された")
    assert "secret" not in phone.evaluate(KEPT)


KEPT = """async () => {
  const names = (await indexedDB.databases()).map((each) => each.name);
  const texts = [];
  for (const name of names) {
    const database = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      for (const row of rows) {
        texts.push(Object.keys(row).join(" "), JSON.stringify(row));
        if (row.secret) texts.push(new TextDecoder().decode(row.secret));
      }
    }
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (request.url.endsWith("/copy")) texts.push(await (await cache.match(request)).text());
    }
  }
  return texts.join("\\n");
}"""


def test_the_camera_is_allowed_on_this_page_alone(world: DoorWorld) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = False
    desk = world.client()
    world.app.config["WTF_CSRF_ENABLED"] = True
    page = desk.get(world.address("/scanner"))
    assert "csrf" in page.text
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "camera=()" in desk.get(world.address()).headers["Permissions-Policy"]
    copy = desk.get(world.address("/scanner/copy")).text
    assert "csrf" not in copy
    assert "receptionist" not in copy
    assert desk.get(world.address("/worker")).mimetype == "text/javascript"
