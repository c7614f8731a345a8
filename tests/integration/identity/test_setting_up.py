"""The first start of a hall: a code that counts once makes its first administrator."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from small_identity import PASSWORD, Desk, MovedTime, caller

from services.chassis.errors import ServiceError
from services.identity.domain import attempts
from services.identity.domain.codes import SETUP_LIFETIME
from services.identity.errors import (
    AdminOnly,
    AlreadySetUp,
    InvalidCredentials,
    PasswordPlain,
    TooManyAttempts,
    UsernameTaken,
)
from services.identity.use_cases import setting_up
from tests.waiting import DEADLINE_S

HALL = {"name": "新城政务服务中心", "name_en": "New Town Service Centre"}
Demo = Callable[[bool], None]


def code_of(desk: Desk) -> str:
    """Return a new code."""
    made: str = desk.do(setting_up.make_setup_code, desk.admin)["code"]
    return made


def set_up(desk: Desk, code: str, **other: Any) -> Any:
    """Set the hall up."""
    given = {"username": "head", "name": "局办公室", "password": PASSWORD, "hall": HALL, **other}
    return desk.do(setting_up.set_up, caller(address="10.0.0.7"), code=code, **given)


def is_needed(desk: Desk) -> bool:
    """Return whether the hall has no administrator."""
    return bool(desk.do(setting_up.is_needed, caller())["needed"])


def test_the_code_makes_the_first_administrator_who_is_signed_in_and_the_hall_is_named(desk: Desk) -> None:
    assert is_needed(desk)
    desk.published()
    answer = set_up(desk, code_of(desk).lower().replace("-", " "))
    assert answer["roles"] == ["admin"]
    assert desk.claims(answer)["sub"] == "head"
    told = {event["type"]: event["data"] for event in desk.published()}
    assert told["identity.hall.set_up"] == HALL
    assert told["identity.account.published"]["roles"] == ["admin"]
    assert not is_needed(desk)
    assert desk.claims(desk.sign_in("head"))["sub"] == "head"
    (entry,) = desk.query("SELECT by, address FROM audit WHERE action = 'hall_set_up'")
    assert (entry["by"], entry["address"]) == ("head", "10.0.0.7")


def test_a_hall_that_has_an_administrator_is_set_up_no_more_and_gives_no_code(desk: Desk) -> None:
    first, second = code_of(desk), code_of(desk)
    with pytest.raises(InvalidCredentials):
        set_up(desk, first)  # the second took its place
    set_up(desk, second)
    assert desk.do(setting_up.make_setup_code, desk.admin) == {"code": None}
    with pytest.raises(AlreadySetUp):
        set_up(desk, second, username="another")


def test_a_demo_needs_no_setting_up(desk: Desk, demo: Demo) -> None:
    code = code_of(desk)
    demo(True)
    assert not is_needed(desk)
    assert desk.do(setting_up.make_setup_code, desk.admin) == {"code": None}
    with pytest.raises(AlreadySetUp):
        set_up(desk, code)


def test_one_code_makes_one_administrator_however_many_send_it_at_once(desk: Desk) -> None:
    code, together = code_of(desk), 6
    begin = Barrier(together, timeout=DEADLINE_S)

    def send(nth: int) -> str:
        begin.wait()
        try:
            set_up(desk, code, username=f"head{nth}")
        except ServiceError as refused:
            return refused.code
        return "made"

    with ThreadPoolExecutor(together) as pool:
        came = sorted(pool.map(send, range(together)))
    assert came.count("made") == 1
    assert set(came) <= {"made", "already_set_up", "invalid_credentials"}
    assert len(desk.query("SELECT FROM accounts")) == 1


def test_what_is_refused_leaves_the_code_for_another_try(desk: Desk) -> None:
    desk.load("clerk001")
    code = code_of(desk)
    with pytest.raises(PasswordPlain):
        set_up(desk, code, password="head-of-the-hall")
    with pytest.raises(UsernameTaken):
        set_up(desk, code, username="clerk001")
    set_up(desk, code)


def test_nobody_guesses_the_code(desk: Desk, real_time: MovedTime) -> None:
    code = code_of(desk)
    for _ in range(attempts.SETUPS.most):
        with pytest.raises(InvalidCredentials):
            set_up(desk, "0000-0000-0000")
    with pytest.raises(TooManyAttempts):
        set_up(desk, code)
    real_time.move(minutes=16)
    set_up(desk, code)


def test_a_code_that_nobody_used_expires(desk: Desk, real_time: MovedTime) -> None:
    code = code_of(desk)
    real_time.move(seconds=SETUP_LIFETIME.total_seconds() + 1)
    with pytest.raises(InvalidCredentials):
        set_up(desk, code)


def test_who_is_not_at_the_bus_gets_no_code(desk: Desk) -> None:
    with pytest.raises(AdminOnly):
        desk.do(setting_up.make_setup_code, caller("clerk001", "clerk"))
