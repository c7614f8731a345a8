"""Messages over HTTP: tried again with growing pauses, under the same id."""

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
