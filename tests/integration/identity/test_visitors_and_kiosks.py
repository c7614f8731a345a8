"""Visitors sign in by a code sent to their phone, kiosks by a code typed in once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from small_identity import Desk, MovedTime, caller

from services.chassis import personal
from services.identity.domain import codes
from services.identity.errors import (
    AdminOnly,
    CodeNotFound,
    InvalidCredentials,
    KioskNotFound,
    NotAKiosk,
    ServicesOnly,
    TooManyAttempts,
)
from services.identity.use_cases import accounts, audit, kiosks, signing_in, tokens

Demo = Callable[[bool], None]
PHONE = "13812345678"


def ask_code(desk: Desk) -> str:
    """Ask for a code and read it as the channel that sends it does."""
    desk.do(signing_in.send_otp, caller(), phone=PHONE)
    return sent(desk)


def sent(desk: Desk) -> str:
    """Return the newest code that waits to be sent."""
    found = desk.query("SELECT phone, code FROM otp_outbox ORDER BY expires_at DESC LIMIT 1")[0]
    assert personal.vault().open(found["phone"], purpose=signing_in.OTP_PHONE) == "+8613812345678"
    return personal.vault().open(found["code"], purpose=signing_in.OTP_CODE)


def enter(desk: Desk, code: str, *, phone: str = PHONE, address: str | None = None, **more: str) -> Any:
    by = caller(address=address) if address else caller()
    return desk.do(signing_in.issue_visitor_token, by, phone=phone, otp=code, **more)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_visitor_signs_in_with_the_code_and_only_once(desk: Desk) -> None:
    code = ask_code(desk)
    answer = enter(desk, code, phone="+86 138-1234-5678")
    claims = desk.claims(answer)
    assert (answer["roles"], answer["expires_in"]) == (["visitor"], 7_200)
    assert claims["phone_hash"] == personal.phone_hash("+8613812345678")
    assert PHONE not in str(claims)
    with pytest.raises(InvalidCredentials):
        enter(desk, code)


def test_the_same_phone_is_the_same_visitor_next_time(desk: Desk) -> None:
    first, second = (desk.claims(enter(desk, ask_code(desk))) for _ in range(2))
    assert (first["sub"], first["phone_hash"]) == (second["sub"], second["phone_hash"])
    assert first["jti"] != second["jti"]


def test_a_code_counts_for_five_minutes(desk: Desk, real_time: MovedTime) -> None:
    code = ask_code(desk)
    real_time.move(minutes=5)
    with pytest.raises(InvalidCredentials):
        enter(desk, code)


def test_a_code_can_be_tried_five_times(desk: Desk) -> None:
    code = ask_code(desk)
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            enter(desk, another(code))
    with pytest.raises(InvalidCredentials):
        enter(desk, code)


def try_wrong(desk: Desk, code: str, times: int, **more: Any) -> None:
    for _ in range(times):
        with pytest.raises(InvalidCredentials):
            enter(desk, another(code), **more)


def test_a_stranger_elsewhere_uses_up_no_tries_of_who_has_the_phone(desk: Desk) -> None:
    code = ask_code(desk)
    try_wrong(desk, code, 8, address="203.0.113.7")
    with pytest.raises(InvalidCredentials):
        enter(desk, code, address="203.0.113.7")
    assert enter(desk, code, address="198.51.100.1")


def test_neither_strangers_everywhere_nor_neighbours_shut_out_who_asked_for_the_code(desk: Desk) -> None:
    asked = desk.do(signing_in.send_otp, caller(address="192.0.2.1"), phone=PHONE)
    code = sent(desk)
    for host in range(1, 5):
        try_wrong(desk, code, 6, address=f"203.0.113.{host}")
    try_wrong(desk, code, 6, address="192.0.2.1")
    assert enter(desk, code, address="198.51.100.1", challenge=asked["challenge"])


def test_strangers_have_fifteen_tries_in_all_and_who_asked_five_more(desk: Desk) -> None:
    asked = desk.do(signing_in.send_otp, caller(address="192.0.2.1"), phone=PHONE)
    code = sent(desk)
    for host in range(1, 4):
        try_wrong(desk, code, 5, address=f"203.0.113.{host}")
    for address in ("203.0.113.9", "192.0.2.1"):
        with pytest.raises(InvalidCredentials):
            enter(desk, code, address=address)
    try_wrong(desk, code, 5, address="192.0.2.1", challenge=asked["challenge"])
    with pytest.raises(InvalidCredentials):
        enter(desk, code, address="192.0.2.1", challenge=asked["challenge"])


def test_what_one_asker_was_answered_is_of_no_use_for_the_code_of_the_next(
    desk: Desk, real_time: MovedTime
) -> None:
    first = desk.do(signing_in.send_otp, caller(), phone=PHONE)["challenge"]
    real_time.move(seconds=1)
    second = desk.do(signing_in.send_otp, caller(), phone=PHONE)["challenge"]
    assert first != second
    try_wrong(desk, sent(desk), 6, challenge=first)
    assert enter(desk, sent(desk), challenge=second)


def test_many_at_once_get_no_more_than_five_tries_and_one_token(desk: Desk) -> None:
    code = ask_code(desk)

    def attempt(_: int) -> bool:
        try:
            enter(desk, code)
        except InvalidCredentials:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1


def test_a_new_code_ends_the_one_before(
    desk: Desk, real_time: MovedTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(("111111", "222222"))
    monkeypatch.setattr(codes, "new_code", lambda: next(drawn))
    first = ask_code(desk)
    real_time.move(seconds=1)
    second = ask_code(desk)
    with pytest.raises(InvalidCredentials):
        enter(desk, first)
    assert enter(desk, second)


def test_five_codes_an_hour_are_sent_to_a_phone(desk: Desk, real_time: MovedTime) -> None:
    for _ in range(5):
        ask_code(desk)
    with pytest.raises(TooManyAttempts) as refusal:
        ask_code(desk)
    assert refusal.value.extra == {"retry_after": 3600}
    real_time.move(hours=1)
    ask_code(desk)


def ask_for(desk: Desk, number: int, address: str = "10.0.0.1") -> None:
    desk.do(signing_in.send_otp, caller(address=address), phone=f"1390000{number:04d}")


def refused(desk: Desk, number: int, address: str = "10.0.0.1") -> int:
    with pytest.raises(TooManyAttempts) as refusal:
        ask_for(desk, number, address)
    seconds: int = refusal.value.extra["retry_after"]
    return seconds


def sent_and_refused(outcome: str) -> float:
    return REGISTRY.get_sample_value("hallflow_one_time_codes_total", {"outcome": outcome}) or 0.0


def test_ten_codes_a_day_are_sent_to_a_phone(desk: Desk, real_time: MovedTime) -> None:
    for _ in range(2):
        for _ in range(5):
            ask_for(desk, 1)
        real_time.move(hours=2)
    assert refused(desk, 1) == 20 * 3600
    real_time.move(hours=20)
    ask_for(desk, 1)


def test_an_address_gets_so_many_codes_an_hour_and_a_day_whatever_the_phones(
    desk: Desk, real_time: MovedTime, caps: Callable[..., None]
) -> None:
    caps(ADDRESS_HOUR=3, ADDRESS_DAY=4)
    for number in range(3):
        ask_for(desk, number)
    before = sent_and_refused("refused_by_address")
    assert refused(desk, 3) == 3600
    assert sent_and_refused("refused_by_address") == before + 1
    ask_for(desk, 4, "10.0.0.2")
    real_time.move(hours=1)
    ask_for(desk, 5)
    assert refused(desk, 6) == 23 * 3600


def test_the_hall_sends_so_many_codes_an_hour_and_a_day(
    desk: Desk, real_time: MovedTime, caps: Callable[..., None]
) -> None:
    caps(HOUR=3, DAY=4)
    before = sent_and_refused("sent")
    for number in range(3):
        ask_for(desk, number, f"10.0.1.{number}")
    assert sent_and_refused("sent") == before + 3
    assert refused(desk, 3, "10.0.2.1") == 3600
    real_time.move(hours=1)
    ask_for(desk, 4, "10.0.2.2")
    assert refused(desk, 5, "10.0.2.3") == 23 * 3600


def test_a_demo_which_sends_nothing_counts_by_phone_alone(
    desk: Desk, demo: Demo, caps: Callable[..., None]
) -> None:
    caps(HOUR=1, ADDRESS_HOUR=1)
    demo(True)
    for number in range(3):
        ask_for(desk, number)


def test_the_code_is_answered_in_a_demo_alone(desk: Desk, demo: Demo) -> None:
    assert set(desk.do(signing_in.send_otp, caller(), phone=PHONE)) == {"challenge"}
    demo(True)
    answer = desk.do(signing_in.send_otp, caller(), phone=PHONE)
    assert enter(desk, answer["demo_code"])


def test_neither_phone_nor_code_leaves_identity_or_outlives_its_use(desk: Desk, real_time: MovedTime) -> None:
    code = ask_code(desk)
    (event,) = desk.published()
    assert event["data"]["phone_masked"] == "138****5678"
    assert PHONE not in str(event)
    assert code not in str(event["data"])
    enter(desk, code)
    assert desk.query("SELECT FROM otp_outbox") == []
    ask_code(desk)
    real_time.move(minutes=6)
    with desk.database.transaction() as store:
        accounts.forget_expired(store)
    for table in ("otp_outbox", "one_time_codes", "code_tries"):
        assert desk.query(f"SELECT FROM {table}") == []
    for table in ("audit", "tokens", "attempts"):
        assert PHONE not in str(desk.query(f"SELECT * FROM {table}"))  # noqa: S608


def test_a_code_is_handed_over_once_to_a_service_and_goes_on_counting(desk: Desk) -> None:
    code = ask_code(desk)
    (event,) = desk.published()
    request, service = UUID(event["data"]["request"]), caller("notifications", "service")
    for other in (caller(), caller("boss", "admin"), caller("visitor:1", "visitor")):
        with pytest.raises(ServicesOnly):
            desk.do(signing_in.take_otp, other, request=request)
    taken = desk.do(signing_in.take_otp, service, request=request)
    assert (taken["phone"], taken["code"]) == ("+8613812345678", code)
    assert desk.query("SELECT FROM otp_outbox") == []
    with pytest.raises(CodeNotFound):
        desk.do(signing_in.take_otp, service, request=request)
    assert enter(desk, code)


def test_many_at_once_are_handed_a_code_once(desk: Desk) -> None:
    ask_code(desk)
    request = UUID(desk.published()[0]["data"]["request"])

    def take(_: int) -> bool:
        try:
            desk.do(signing_in.take_otp, caller("notifications", "service"), request=request)
        except CodeNotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1


def test_a_code_that_waits_to_be_sent_is_sealed(desk: Desk) -> None:
    code = ask_code(desk)
    stored = str(desk.query("SELECT phone, code FROM otp_outbox"))
    assert PHONE not in stored and code not in stored


def test_what_is_no_phone_is_refused_by_field(desk: Desk) -> None:
    with pytest.raises(personal.PhoneInvalid) as refusal:
        desk.do(signing_in.send_otp, caller(), phone="12345")
    assert refusal.value.errors.keys() == {"phone"}


def register(desk: Desk, code: str = "K01") -> str:
    registered = desk.do(kiosks.register_kiosk, desk.admin, code=code, name="一号取号机", zone="A")
    return str(registered["enrolment_code"])


def enrol(desk: Desk, code: str) -> Any:
    return desk.do(kiosks.enrol_kiosk, caller(), enrolment_code=code)


def test_a_kiosk_is_enrolled_with_its_code_and_only_once(desk: Desk) -> None:
    code = register(desk)
    answer = enrol(desk, code.lower())
    claims = desk.claims(answer)
    assert (claims["sub"], claims["kiosk"], claims["roles"]) == ("kiosk:K01", "K01", ["kiosk"])
    assert answer["expires_in"] == 30 * 86_400
    with pytest.raises(InvalidCredentials):
        enrol(desk, code)
    (kiosk,) = desk.do(kiosks.list_kiosks, desk.admin)
    assert (kiosk.code, kiosk.state, kiosk.zone) == ("K01", "enrolled", "A")
    trail = desk.do(audit.list_audit, desk.admin, username="kiosk:K01")["items"]
    assert [each["action"] for each in trail] == ["kiosk_enrolled", "kiosk_registered"]


def test_two_devices_with_one_code_become_one_kiosk(desk: Desk) -> None:
    code = register(desk)

    def attempt(_: int) -> bool:
        try:
            enrol(desk, code)
        except InvalidCredentials:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_an_enrolment_code_counts_for_a_day(desk: Desk, real_time: MovedTime) -> None:
    code = register(desk)
    real_time.move(hours=24)
    with pytest.raises(InvalidCredentials):
        enrol(desk, code)


def test_registering_again_replaces_the_code(desk: Desk) -> None:
    first, second = register(desk), register(desk)
    with pytest.raises(InvalidCredentials):
        enrol(desk, first)
    assert enrol(desk, second)


def test_enrolling_another_device_ends_the_tokens_of_the_one_before(desk: Desk) -> None:
    old = desk.claims(enrol(desk, register(desk)))
    new = desk.claims(enrol(desk, register(desk)))
    (event,) = desk.published()
    assert (event["type"], event["data"]["jti"]) == ("identity.token.revoked", old["jti"])
    assert desk.do(tokens.revocations, caller())["tokens"] == [old["jti"]]
    assert old["jti"] != new["jti"]


def test_ten_wrong_enrolment_codes_shut_an_address(desk: Desk) -> None:
    code = register(desk)
    for _ in range(10):
        with pytest.raises(InvalidCredentials):
            enrol(desk, "AAAA-BBBB-CCCC")
    with pytest.raises(TooManyAttempts):
        enrol(desk, code)


def test_a_revoked_kiosk_is_refused_and_so_is_its_open_code(desk: Desk, real_time: MovedTime) -> None:
    enrol(desk, register(desk))
    code = register(desk)
    kiosk = desk.command(kiosks.revoke_kiosk, desk.admin, code="K01")
    assert kiosk.state == "revoked"
    (event,) = desk.published()
    assert event["data"] == {"username": "kiosk:K01", "before": real_time.shows.timestamp()}
    assert desk.do(tokens.revocations, caller())["subjects"] == [event["data"]]
    with pytest.raises(InvalidCredentials):
        enrol(desk, code)


def test_a_kiosk_renews_its_token_while_it_is_enrolled(desk: Desk) -> None:
    enrol(desk, register(desk))
    kiosk = caller("kiosk:K01", "kiosk", subject="K01")
    assert desk.claims(desk.do(kiosks.renew_kiosk, kiosk))["kiosk"] == "K01"
    desk.command(kiosks.revoke_kiosk, desk.admin, code="K01")
    for refused in (kiosk, caller("clerk001", "clerk", subject="K01"), caller()):
        with pytest.raises(NotAKiosk):
            desk.do(kiosks.renew_kiosk, refused)


def test_only_an_administrator_manages_kiosks(desk: Desk) -> None:
    clerk = caller("clerk001", "clerk")
    with pytest.raises(AdminOnly):
        desk.do(kiosks.register_kiosk, clerk, code="K01", name="我的")
    with pytest.raises(AdminOnly):
        desk.command(kiosks.revoke_kiosk, clerk, code="K01")
    with pytest.raises(AdminOnly):
        desk.do(kiosks.list_kiosks, clerk)
    with pytest.raises(KioskNotFound):
        desk.command(kiosks.revoke_kiosk, desk.admin, code="K09")
