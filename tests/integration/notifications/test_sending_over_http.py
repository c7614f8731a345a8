"""Messages over HTTP: tried again with growing pauses, under the same id."""

from datetime import date
from uuid import uuid4

import pytest

from services.notifications.errors import StaffOnly
from services.notifications.use_cases import messages
from tests.integration.notifications.in_process import PHONE, Post, staff
from tests.integration.notifications.sms_server import SmsServer


def test_a_message_is_posted_with_its_id_and_the_token(post: Post, gateway: SmsServer) -> None:
    post.appointment("cancelled")
    post.deliver_over(gateway.url)
    (message,) = gateway.received
    assert message.keys() == {"id", "to", "text"} and message["to"] == PHONE
    assert message["id"] == str(post.rows()[0]["id"])
    assert gateway.tokens == ["Bearer of-the-gateway"]


def test_what_fails_at_first_is_tried_again_later_under_the_same_id(post: Post, gateway: SmsServer) -> None:
    gateway.answers = [503, 500]
    post.appointment("cancelled")
    for pause_s in (10, 20):
        post.deliver_over(gateway.url)
        post.wait(pause_s - 1)
        assert post.deliver_over(gateway.url) == 0, "too early"
        post.wait(1.1)
    post.deliver_over(gateway.url)
    assert len(gateway.ids) == 3 and len(set(gateway.ids)) == 1
    assert post.told() == [("notifications.delivery.sent", "cancelled", 3)]


def test_after_five_tries_it_has_failed_until_somebody_tries_again(post: Post, gateway: SmsServer) -> None:
    gateway.answers = [503] * 5
    post.appointment("cancelled")
    for _ in range(7):
        post.deliver_over(gateway.url)
        post.wait(200)
    assert len(gateway.ids) == 5
    (row,) = post.rows()
    assert (row["state"], row["fault"], row["tries"]) == ("failed", "http_503", 5)
    with post.database.transaction() as store:
        messages.retry_delivery(store, staff("operator"), id=row["id"])
    post.deliver_over(gateway.url)
    assert post.states() == {"cancelled": "sent"}
    assert [type_ for type_, _, _ in post.told()] == [
        "notifications.delivery.failed",
        "notifications.delivery.sent",
    ]
    stays = post.rows("SELECT state, left_at IS NULL AS now FROM delivery_states ORDER BY version")
    assert [(each["state"], each["now"]) for each in stays] == [
        ("due", False),
        ("failed", False),
        ("due", False),
        ("sent", True),
    ]


def test_what_is_refused_for_good_is_not_repeated(post: Post, gateway: SmsServer) -> None:
    gateway.answers = [422]
    post.appointment("cancelled")
    post.deliver_over(gateway.url)
    post.wait(1000)
    post.deliver_over(gateway.url)
    assert len(gateway.ids) == 1 and post.rows()[0]["fault"] == "http_422"


def test_a_gateway_that_is_away_is_tried_again_and_its_fault_names_no_phone(post: Post) -> None:
    post.appointment("cancelled")
    post.deliver_over("http://127.0.0.1:9/messages")
    (row,) = post.rows()
    assert (row["state"], row["fault"], row["tries"]) == ("due", "gateway_away", 1)


def _sent(post: Post, **asked: object) -> list[tuple[str, str | None, int]]:
    with post.database.transaction() as store:
        counted = messages.count_sent(store, staff("manager"), **asked)  # type: ignore[arg-type]
    return [(each["kind"], each["channel"], each["count"]) for each in counted["items"]]


def _code(post: Post) -> None:
    request = str(uuid4())
    post.codes.append(request)
    post.hear("identity.otp.requested", {"request": request})


def test_what_is_sent_on_a_day_of_the_hall_is_counted_by_kind_and_channel(
    post: Post, gateway: SmsServer
) -> None:
    for _ in range(3):
        _code(post)
    post.deliver_over(gateway.url)
    _code(post)
    post.appointment("cancelled")
    post.deliver()
    gateway.answers = [400]
    _code(post)
    post.deliver_over(gateway.url)
    assert _sent(post) == [("cancelled", "local", 1), ("otp", "local", 1), ("otp", "sms", 3)]
    assert _sent(post, kind="otp") == [("otp", "local", 1), ("otp", "sms", 3)]

    post.go_to("2026-03-03T00:00")
    _code(post)
    post.deliver()
    assert _sent(post) == [("otp", "local", 1)], "a day ends at midnight of the hall"
    assert _sent(post, kind="otp", date=date(2026, 3, 2)) == [("otp", "local", 1), ("otp", "sms", 3)]
    with post.database.transaction() as store, pytest.raises(StaffOnly):
        messages.count_sent(store, staff("clerk"))
