"""The reception: how people are checked in. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CheckInWay(StrEnum):
    """How presence was established."""

    QR = "qr"
    LIST = "list"
    WALK_IN = "walk_in"
    ONLINE = "online"


CHECK_IN_LABELS: Mapping[CheckInWay, str] = {
    CheckInWay.QR: "QRコード",
    CheckInWay.LIST: "名前で受付",
    CheckInWay.WALK_IN: "当日参加",
    CheckInWay.ONLINE: "オンライン",
}
