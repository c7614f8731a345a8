"""What many ask for at once is worked out once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from services.chassis import kept
from services.chassis.kept import Kept
from tests.waiting import DEADLINE_S


def always(_: int) -> bool:
    return True


def test_those_who_ask_at_once_share_an_answer() -> None:
    answers, asked, lock = Kept[int](seconds=DEADLINE_S), Event(), Lock()
    times: list[int] = []

    def work_out() -> int:
        with lock:
            times.append(1)
        assert asked.wait(DEADLINE_S)
        return 7

    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(answers.get, "today", work_out, keep=always) for _ in range(8)]
        asked.set()
        assert [each.result() for each in found] == [7] * 8
    assert len(times) == 1
    assert answers.get("other", lambda: 8, keep=always) == 8


def test_what_is_old_or_not_to_be_kept_is_worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(kept, "monotonic", lambda: now)
    answers = Kept[int](seconds=2)
    assert answers.get("a", lambda: 1, keep=always) == 1
    assert answers.get("a", lambda: 2, keep=always) == 1
    now += 2
    assert answers.get("a", lambda: 3, keep=always) == 3
    assert answers.get("b", lambda: 4, keep=lambda _: False) == 4
    assert answers.get("b", lambda: 5, keep=always) == 5


def test_a_fault_is_nobody_elses() -> None:
    answers = Kept[int](seconds=DEADLINE_S)
    with pytest.raises(ZeroDivisionError):
        answers.get("a", lambda: 1 // 0, keep=always)
    assert answers.get("a", lambda: 1, keep=always) == 1
