"""Who may sit at a window, and what is called from it."""

from typing import Any

import pytest

from services.ticketing.domain.window import Window, sign_in, sign_out
from services.ticketing.errors import NotYourWindow, UnknownQueue, WindowTaken
from tests.unit.ticketing.conftest import NINE


def window(**changes: Any) -> Window:
    """Return an empty window of d0 that serves two queues."""
    usual = {
        "hall": "main",
        "code": "100",
        "name": "100号窗口",
        "name_en": "Window 100",
        "department": "d0",
        "zone": "A",
        "queues": ["q0", "q1"],
        "clerk": None,
        "profile": None,
        "signed_in_at": None,
        "version": 0,
    }
    return Window(**usual | changes)


def test_a_clerk_calls_from_all_queues_of_the_window_unless_some_are_chosen() -> None:
    seated = sign_in(window(), clerk="c", department="d0", queues=None, at=NINE)
    assert (seated.profile, seated.clerk, seated.signed_in_at, seated.state) == (
        ["q0", "q1"],
        "c",
        NINE,
        "open",
    )


def test_the_chosen_order_of_queues_is_kept_and_doubles_are_dropped() -> None:
    seated = sign_in(window(), clerk="c", department="d0", queues=["q1", "q0", "q1"], at=NINE)
    assert seated.profile == ["q1", "q0"]


def test_a_queue_outside_the_work_profile_is_refused() -> None:
    with pytest.raises(UnknownQueue) as refusal:
        sign_in(window(), clerk="c", department="d0", queues=["q0", "q7"], at=NINE)
    assert "q7" in refusal.value.detail


def test_another_departments_window_is_refused_but_not_to_an_administrator() -> None:
    with pytest.raises(NotYourWindow):
        sign_in(window(), clerk="c", department="d1", queues=None, at=NINE)
    assert sign_in(window(), clerk="admin", department=None, queues=None, at=NINE).clerk == "admin"


def test_a_window_where_somebody_sits_is_taken() -> None:
    taken = window(clerk="other", profile=["q0"], signed_in_at=NINE)
    with pytest.raises(WindowTaken):
        sign_in(taken, clerk="c", department="d0", queues=None, at=NINE)


def test_leaving_empties_the_window() -> None:
    left = sign_out(window(clerk="c", profile=["q0"], signed_in_at=NINE))
    assert (left.clerk, left.profile, left.signed_in_at, left.state) == (None, None, None, "closed")
