"""Each cause is told once, whatever the order of events, and what is out of date is not told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from uuid import uuid4

import pytest
from psycopg import errors as pg

from services.chassis import personal
from services.chassis.errors import NotFound
from services.notifications.domain import texts
from services.notifications.domain.delivery import Contact
from services.notifications.errors import (
    CursorInvalid,
    DeliveryNotFound,
    NotFailed,
    StaffOnly,
    TemplateInvalid,
    UnknownKind,
)
from services.notifications.use_cases import messages, sending
from services.notifications.use_cases.sms import NotSent
from tests.integration.notifications.in_process import CODE, PHONE, Post, staff

REQUEST = "0d8f6f0e-52a5-4f0f-9d6c-6f3b6f1f2b7a"


def test_a_booking_is_confirmed_and_reminded_of_twice(post: Post) -> None:
    post.hear("catalogue.item.published", {"code": "market-001", "name": "设立登记", "name_en": "Setting up"})
    post.appointment("booked")
    assert post.deliver() == 1
    post.go_to("2026-03-04T17:59")
    assert post.deliver() == 0
    post.go_to("2026-03-04T18:00")
    assert post.deliver() == 1
    post.go_to("2026-03-05T13:00")
    assert post.deliver() == 1
    texts = [text for _, _, text in post.sent]
    assert "张**，您已预约2026-03-05 14:00办理“设立登记”，预约号7K3M9QXR" in texts[0]
    assert [to for _, to, _ in post.sent] == [PHONE] * 3
    assert post.states() == {"booked": "sent", "reminder_day": "sent", "reminder_hour": "sent"}
    assert {type_ for type_, _, _ in post.told()} == {"notifications.delivery.sent"}


def test_an_event_that_comes_twice_is_told_once(post: Post) -> None:
    for _ in range(3):
        post.appointment("booked")
        post.hear("ticketing.ticket.approaching", {"id": "t1", "number": "A012", "ahead": 3})
        post.deliver()
    assert len(post.sent) == 2


def test_who_waits_in_a_closure_is_told_until_when_or_that_it_is_over_for_today(post: Post) -> None:
    paused = {"number": "A012", "closure": "c1", "until": "2026-03-02T15:00:00+08:00", "appointment": None}
    for _ in range(2):
        post.hear("ticketing.ticket.paused", {**paused, "id": "t1", "language": "zh"})
        post.hear("ticketing.ticket.paused", {**paused, "id": "t2", "language": "en", "until": None})
    post.contacts["ticket"] = Contact(phone=PHONE)
    post.deliver()
    texts = sorted(text for _, _, text in post.sent)
    assert len(texts) == 2
    assert any("A012" in text and "2026-03-02 15:00" in text for text in texts)


def test_in_english_for_those_who_want_it(post: Post) -> None:
    post.appointment("booked", language="en")
    post.hear("ticketing.ticket.approaching", {"id": "t1", "number": "A012", "ahead": 3})
    post.deliver()
    texts = sorted(text for _, _, text in post.sent)
    assert texts[0] == "3 ahead of your number A012: please wait near the windows."
    assert "your appointment for market-001 is on 2026-03-05 at 14:00" in texts[1]


def test_who_has_an_appointment_is_told_of_the_ticket_by_what_is_known_of_that(post: Post) -> None:
    near = {"id": "t1", "number": "A012", "ahead": 3, "appointment": "a1", "language": None}
    post.hear("ticketing.ticket.approaching", near)
    post.hear("ticketing.ticket.approaching", {**near, "id": "t2", "appointment": None, "language": "en"})
    post.contacts["ticket"] = Contact(phone=PHONE)
    post.deliver()
    texts = sorted(text for _, _, text in post.sent)
    assert texts[0] == "3 ahead of your number A012: please wait near the windows.", "by the event's language"
    assert texts[1].startswith("您的号码A012前面"), "by the appointment's, which names none"


@pytest.mark.parametrize("ending", ["cancelled", "rescheduled", "displaced", "checked_in", "no_show"])
def test_an_appointment_that_does_not_take_place_is_not_reminded_of(post: Post, ending: str) -> None:
    post.appointment("booked")
    post.deliver()
    post.appointment(ending, sequence=2)
    assert (post.states()["reminder_day"], post.states()["reminder_hour"]) == ("dropped", "dropped")
    post.go_to("2026-03-05T13:30")
    post.deliver()
    assert not any("提醒" in text or "将于" in text for _, _, text in post.sent)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_events_does_not_matter(post: Post, order: tuple[int, ...]) -> None:
    """Nobody is told of a booking after its end, and the end is told once."""
    facts = [("booked", 2), ("cancelled", 3), ("booked", 2)]
    for nth in order:
        verb, sequence = facts[nth]
        post.appointment(verb, sequence=sequence)
    post.deliver()
    post.go_to("2026-03-05T13:30")
    post.deliver()
    assert len(post.sent) == 1 and "已取消" in post.sent[0][2]
    assert post.states()["cancelled"] == "sent"


def test_a_moved_appointment_is_told_as_moved(post: Post) -> None:
    post.appointment("booked")
    post.deliver()
    post.appointment("booked", "a2", rescheduled_from="a1", starts_at="2026-03-06T06:00:00+00:00")
    post.appointment("rescheduled", sequence=2)
    post.deliver()
    assert "已改到2026-03-06 14:00" in post.sent[1][2] and len(post.sent) == 2
    waiting = post.rows("SELECT source_id FROM deliveries WHERE state = 'due'")
    assert {row["source_id"] for row in waiting} == {"a2"}


def test_the_displaced_are_shown_other_slots(post: Post) -> None:
    free = [{"slot": "s", "starts_at": f"2026-03-0{day}T06:30:00+00:00"} for day in (5, 6)]
    post.appointment("displaced", alternatives=free)
    post.deliver()
    assert "可改约：2026-03-05 14:30, 2026-03-06 14:30" in post.sent[0][2]


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("item_ended", "因该事项停止办理取消"),
        ("item_moved", "因该事项改由其他部门办理取消"),
        ("day_off", "因当天不办公取消"),
        ("hours", "因办公时间调整取消"),
        ("department", "因该部门停止这项服务取消"),
        ("plan", "因预约时段调整取消"),
        (None, "因安排变动取消"),
        ("one that is new", "因安排变动取消"),
    ],
)
def test_the_displaced_are_told_what_changed(post: Post, cause: str | None, words: str) -> None:
    post.appointment("displaced", cause=cause)
    post.deliver()
    assert words in post.sent[0][2]


def test_who_loses_a_place_since_the_item_has_moved_is_told_by_whom_and_where_it_is_done(post: Post) -> None:
    moved = {"cause": "item_moved", "moved_to": "drc"}
    free = [{"slot": "s", "starts_at": "2026-03-05T06:30:00+00:00"}]
    post.appointment("displaced", alternatives=free, **moved)
    post.deliver()
    assert "取消。可改约：2026-03-05 14:30" in post.sent[0][2], "nothing is known of the department"
    post.hear("catalogue.department.published", {"code": "drc", "name": "市发展改革委", "name_en": "DRC"})
    post.appointment("displaced", "a2", alternatives=free, **moved)
    post.deliver()
    assert "取消。该事项现由市发展改革委办理。可改约：2026-03-05" in post.sent[1][2]
    for code, name, name_en in (("D", "投资项目区", "Zone D"), ("A", "企业登记区", "Zone A")):
        post.hear("catalogue.zone.published", {"code": code, "name": name, "name_en": name_en})
    for code, department, zone in (("q1", "drc", "D"), ("q2", "drc", "D"), ("q3", "market", "A")):
        post.hear("catalogue.queue.published", {"code": code, "department": department, "zone": zone})
    post.appointment("displaced", "a3", alternatives=free, **moved)
    post.deliver()
    assert "取消。该事项现由市发展改革委办理，请到投资项目区。可改约：2026-03-05" in post.sent[2][2]


def test_an_offer_is_not_told_after_it_has_ended(post: Post) -> None:
    post.appointment("offered", offer_until="2026-03-02T01:35:00+00:00")
    post.go_to("2026-03-02T09:35")
    post.deliver()
    assert (post.sent, post.states()) == ([], {"offered": "dropped"})


def test_a_warning_is_told_beside_the_cancellation(post: Post) -> None:
    post.appointment("cancelled", sequence=2, warning="cancellation_limit_near")
    post.deliver()
    assert post.states() == {"cancelled": "sent", "cancellation_limit_near": "sent"}


def test_who_is_no_longer_known_is_not_told(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: object) -> None:
        raise NotFound

    monkeypatch.setattr(post, "contact_of", nobody)
    post.appointment("cancelled")
    post.deliver()
    assert (post.sent, post.states()) == ([], {"cancelled": "dropped"})


def test_a_code_is_sent_and_not_kept(post: Post) -> None:
    post.codes.append(REQUEST)
    post.hear("identity.otp.requested", {"request": REQUEST})
    post.deliver()
    assert CODE in post.sent[0][2]
    (row,) = post.rows()
    assert (row["phone"], row["sealed"], row["state"]) == ("138****5678", None, "sent")
    assert CODE not in str(post.rows())
    assert "******" in row["text"]


def test_a_code_that_was_taken_is_sent_though_the_first_try_fails(post: Post) -> None:
    """Identity hands it over once; between the tries it is sealed."""
    post.codes.append(REQUEST)
    post.hear("identity.otp.requested", {"request": REQUEST})

    def away(_: str, /, *, to: str, text: str) -> None:
        raise NotSent("gateway_away", again=True)

    post.deliver(away)
    (row,) = post.rows()
    assert row["sealed"].startswith("k1:") and CODE not in str(row) and "13800005678" not in str(row)
    post.wait(11)
    post.deliver()
    assert CODE in post.sent[0][2]


def test_a_code_used_before_it_was_sent_is_not_sent(post: Post) -> None:
    post.hear("identity.otp.requested", {"request": REQUEST})
    post.deliver()
    assert (post.sent, post.states()) == ([], {"otp": "dropped"})


def test_a_demo_shows_the_code_with_the_message(post: Post, demo: Callable[[bool], None]) -> None:
    demo(True)
    post.codes.append(REQUEST)
    post.hear("identity.otp.requested", {"request": REQUEST})
    post.deliver()
    assert CODE in post.rows()[0]["text"]


def test_nothing_in_the_database_or_the_log_shows_a_phone_or_a_name(
    post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.codes.append(REQUEST)
    post.hear("identity.otp.requested", {"request": REQUEST})
    for verb, id_ in (("booked", "a1"), ("cancelled", "a2"), ("displaced", "a3")):
        post.appointment(verb, id_)
    post.deliver()
    stored = "".join(
        str(post.rows(f"SELECT * FROM {table}"))  # noqa: S608
        for table in ("deliveries", "delivery_states", "appointments", "outbox", "inbox", "commands")
    )
    shown = "".join(capsys.readouterr())
    for secret in ("13800005678", "0000567", "张三丰", CODE):
        assert secret not in stored and secret not in shown


def test_a_clear_phone_is_refused_by_the_database_itself(post: Post) -> None:
    post.appointment("cancelled")
    with pytest.raises(pg.CheckViolation):
        post.rows("UPDATE deliveries SET phone = '13800005678' RETURNING id")


def test_many_senders_send_each_message_once(post: Post) -> None:
    for nth in range(40):
        post.appointment("cancelled", f"a{nth}")
    with ThreadPoolExecutor(6) as pool:
        handled = sum(pool.map(lambda _: post.deliver(), range(6)))
    assert handled == 40
    assert len({id_ for id_, _, _ in post.sent}) == len(post.sent) == 40


def test_messages_are_listed_page_by_page_to_staff(post: Post) -> None:
    for nth in range(5):
        post.appointment("cancelled", f"a{nth}")
    seen: list[str] = []
    cursor = None
    with post.database.autocommit() as store:
        for _ in range(3):
            page = messages.list_deliveries(store, staff("manager"), limit=2, cursor=cursor)
            seen += [each.id for each in page["items"]]
            cursor = page["next"]
        assert len(set(seen)) == 5 and cursor is None
        for kind, count in (("cancelled", 5), ("booked", 0)):
            assert len(messages.list_deliveries(store, staff("manager"), kind=kind)["items"]) == count
        with pytest.raises(StaffOnly):
            messages.list_deliveries(store, staff("clerk"))
        assert messages.list_deliveries(store, staff("manager"), q="NOSUCH99")["items"] == []
        for bad in ("x", "2026-03-02_" + str(uuid4()), "2026-03-02T00:00:00+00:00_x"):
            with pytest.raises(CursorInvalid):
                messages.list_deliveries(store, staff("operator"), cursor=bad)


def test_a_saved_text_is_used_and_a_wrong_one_refused(post: Post) -> None:
    with post.database.transaction() as store:
        messages.save_template(
            store, staff("manager"), kind="cancelled", language="zh", text="已取消{reference}"
        )
        for kind, fault in (("cancelled", TemplateInvalid), ("birthday", UnknownKind)):
            with pytest.raises(fault):
                messages.save_template(store, staff("manager"), kind=kind, language="zh", text="{phone}")
        with pytest.raises(StaffOnly):
            messages.save_template(store, staff("operator"), kind="otp", language="zh", text="{code}")
        used = messages.list_templates(store, staff("operator"))["items"]
    saved = next(each for each in used if (each["kind"], each["language"]) == ("cancelled", "zh"))
    assert saved["text"] == "已取消{reference}"
    assert saved["placeholders"] == ["date", "item", "name", "reference", "time"]
    assert len(used) == len(texts.DEFAULTS)
    post.appointment("cancelled")
    post.deliver()
    assert post.sent[0][2] == "已取消7K3M9QXR"


def test_only_a_message_that_failed_is_tried_again(post: Post) -> None:
    post.appointment("cancelled")
    (row,) = post.rows()
    with post.database.transaction() as store:
        with pytest.raises(NotFailed):
            messages.retry_delivery(store, staff("operator"), id=row["id"])
        with pytest.raises(DeliveryNotFound):
            messages.retry_delivery(store, staff("operator"), id=uuid4())


def test_rows_under_an_old_key_are_sealed_anew(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    old = personal.Vault("k1", {"k1": bytes(32)})
    new = personal.Vault("k2", {"k2": bytes(range(32)), "k1": bytes(32)})
    monkeypatch.setattr(sending, "vault", lambda: old)
    post.codes.append(REQUEST)
    post.hear("identity.otp.requested", {"request": REQUEST})
    post.deliver(most=1)
    monkeypatch.setattr(sending, "vault", lambda: new)
    with post.database.transaction() as store:
        assert store.sealed_under() == {"k1": 1}
        assert (sending.reseal(store), sending.reseal(store)) == (1, 0)
        assert store.sealed_under() == {"k2": 1}
    post.deliver()
    assert CODE in post.sent[0][2]


def test_the_end_of_a_wish_is_told_without_a_time(post: Post) -> None:
    never = {"starts_at": None, "booked_at": None, "offer_until": None}
    slots = [{"starts_at": "2026-03-06T06:00:00+00:00"}]
    post.appointment("displaced", alternatives=slots, **never)
    post.appointment("cancelled", "a2", **never)
    post.deliver()
    said = sorted(text for _, _, text in post.sent)
    assert said == [
        "张**，很抱歉，因安排变动，您候补的“market-001”（7K3M9QXR）在所选日期不再预约办理，候补已结束。"
        "可预约：2026-03-06 14:00。",
        "张**，您候补的“market-001”（7K3M9QXR）已取消。",
    ]
