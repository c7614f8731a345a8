"""When messages are due, and how often they are tried."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.notifications.domain import delivery as rules
from services.notifications.domain.delivery import Delivery

ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_people_are_reminded_at_six_the_day_before_and_an_hour_before() -> None:
    found = rules.reminders(local("2026-03-05T14:00"), booked_at=local("2026-03-02T09:00"), zone=ZONE)
    assert found == {
        "reminder_day": local("2026-03-04T18:00"),
        "reminder_hour": local("2026-03-05T13:00"),
    }


@pytest.mark.parametrize(
    ("booked", "left"),
    [
        ("2026-03-04T17:59", {"reminder_day", "reminder_hour"}),
        ("2026-03-04T18:00", {"reminder_hour"}),
        ("2026-03-05T12:59", {"reminder_hour"}),
        ("2026-03-05T13:00", set()),
    ],
)
def test_a_reminder_whose_moment_had_passed_at_booking_is_left_out(booked: str, left: set[str]) -> None:
    found = rules.reminders(local("2026-03-05T14:00"), booked_at=local(booked), zone=ZONE)
    assert set(found) == left


def test_the_day_before_is_the_day_of_the_hall() -> None:
    """At 00:30 of the hall it is the day before in UTC."""
    starts_at = local("2026-03-05T00:30").astimezone(UTC)
    found = rules.reminders(starts_at, booked_at=local("2026-03-02T09:00"), zone=ZONE)
    assert found["reminder_day"] == local("2026-03-04T18:00")


def test_each_pause_is_twice_the_one_before() -> None:
    assert [rules.pause_s(tries, base_s=10) for tries in (1, 2, 3, 4)] == [10, 20, 40, 80]


@pytest.mark.parametrize("state", list(rules.TRANSITIONS))
def test_a_message_goes_only_where_its_state_leads(state: str) -> None:
    message = Delivery(
        hall="main",
        id="1",
        kind="booked",
        cause="booked:1:1",
        source="appointment",
        source_id="1",
        language="zh",
        values={},
        due_at=local("2026-03-02T09:00"),
        expires_at=None,
        state=state,
    )
    for target in rules.TRANSITIONS:
        if target in rules.TRANSITIONS[state]:
            assert rules.moved(message, target).version == 2
        else:
            with pytest.raises(rules.IllegalTransition):
                rules.moved(message, target)
