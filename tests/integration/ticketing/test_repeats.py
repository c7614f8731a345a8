"""Asked twice, done once: idempotency keys on issue, call-next and the rest."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest

from services.chassis.commands import Answer, run_once
from services.chassis.errors import KeyReused
from services.ticketing.errors import CutOff, HallClosed, WindowBusy
from services.ticketing.schemas import TicketReply
from services.ticketing.use_cases import serve
from tests.integration.ticketing.conftest import SmallHall
from tests.waiting import DEADLINE_S


def _all_at_once(times: int, work: Callable[[], Answer]) -> list[Answer]:
    begin = Barrier(times, timeout=DEADLINE_S)

    def run(_: int) -> Answer:
        begin.wait()
        return work()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_the_same_key_and_request_gets_the_first_number_again(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue()
    first = hall.answer(key="k1")
    before = hall.everything()
    hall.clock.move(minutes=3)
    again = hall.answer(key="k1")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.body == first.body
    assert (first.body["number"], first.body["ahead"]) == ("A002", 1)
    assert hall.everything() == before


def test_twenty_kiosks_with_one_key_get_one_number(hall: SmallHall) -> None:
    hall.furnish()
    answers = _all_at_once(20, lambda: hall.answer(key="same"))
    assert sum(not answer.replayed for answer in answers) == 1
    assert [answer.body for answer in answers] == [answers[0].body] * 20
    assert len(hall.rows("SELECT id FROM tickets")) == 1
    assert len(hall.rows("SELECT id FROM outbox")) == 1
    assert hall.issue()["number"] == "A002"


@pytest.mark.parametrize("other", [{"item": "i1"}, {"class_": "priority"}, {"phone": "13800000000"}])
def test_the_same_key_for_another_request_is_refused(hall: SmallHall, other: dict[str, Any]) -> None:
    hall.furnish()
    hall.issue(key="k1")
    before = hall.everything()
    with pytest.raises(KeyReused):
        hall.issue(key="k1", **other)
    assert hall.everything() == before


def test_a_repeat_after_closing_still_gets_its_number(hall: SmallHall) -> None:
    hall.furnish()
    first = hall.answer(key="k1")
    hall.clock.at = datetime.fromisoformat("2026-03-02T18:00:00+08:00")
    hall.forget()
    again = hall.answer(key="k1")
    assert (again.replayed, again.body) == (True, first.body)
    with pytest.raises(KeyReused):
        hall.issue(key="k1", class_="priority")
    with pytest.raises(HallClosed):
        hall.issue(key="k2")


def test_a_repeat_of_the_last_number_before_the_cut_off_is_not_cut_off(hall: SmallHall) -> None:
    hall.furnish(windows_each=1)
    hall.sign_in("100")
    hall.clock.at = datetime.fromisoformat("2026-03-02T17:24:00+08:00")
    hall.issue()
    first = hall.answer(key="last")
    with pytest.raises(CutOff):
        hall.issue(key="one more")
    assert hall.answer(key="last").body == first.body


def test_a_repeat_after_the_item_was_withdrawn_still_gets_its_number(hall: SmallHall) -> None:
    hall.furnish()
    first = hall.answer(key="k1")
    hall.change("UPDATE items SET state = 'withdrawn'; UPDATE reference_version SET version = version + 1")
    hall.forget()
    assert hall.answer(key="k1").body == first.body


def _call_next(hall: SmallHall, command_id: str) -> Answer:
    reply = TicketReply()
    clerk = hall.clerk("100")

    def effect(store: Any) -> Any:
        ticket = serve.call_next(store, hall.situations, clerk, window="100")
        return reply.dump(ticket) if ticket else None

    return run_once(hall.database, command_id, "call_next 100", effect, at=hall.clock.at)


def test_calling_next_twice_with_one_id_calls_one_ticket(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(), hall.issue()
    hall.sign_in("100")
    first, again = _call_next(hall, "c1"), _call_next(hall, "c1")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.body == first.body
    assert len(hall.rows("SELECT id FROM calls")) == 1
    with pytest.raises(WindowBusy):
        _call_next(hall, "c2")


def test_calling_next_ten_times_at_once_with_one_id_calls_one_ticket(hall: SmallHall) -> None:
    hall.furnish()
    for _ in range(10):
        hall.issue()
    hall.sign_in("100")
    answers = _all_at_once(10, lambda: _call_next(hall, "c1"))
    assert sum(not answer.replayed for answer in answers) == 1
    assert {answer.body["id"] for answer in answers} == {answers[0].body["id"]}
    assert len(hall.rows("SELECT id FROM calls")) == 1


def test_that_nobody_waited_is_remembered_too(hall: SmallHall) -> None:
    hall.furnish()
    hall.sign_in("100")
    assert _call_next(hall, "c1").body is None
    hall.issue()
    again = _call_next(hall, "c1")
    assert (again.body, again.replayed) == (None, True)
    assert _call_next(hall, "c2").body["number"] == "A001"


def test_a_refused_command_may_be_tried_again_under_its_id(hall: SmallHall) -> None:
    hall.furnish()
    hall.issue(), hall.issue()
    clerk = hall.sign_in("100")
    first = _call_next(hall, "c1").body
    with pytest.raises(WindowBusy):
        _call_next(hall, "c2")
    hall.act("miss", first["id"], clerk)
    assert _call_next(hall, "c2").body["number"] == "A002"
