"""Erlang's formula against published values, the simulation against Erlang, and the search over both."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from services.statistics.staffing import domain as rules
from services.statistics.staffing.domain import Cell, Outlook, Service
from services.statistics.staffing.simulating.simulation import Hour, waits

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("load", "windows", "published"),
    # Erlang C for 10 erlangs, and the closed forms for one (its load) and two windows (2 r² / (1 + r), r = load / 2).
    [(10, 11, 0.6821), (10, 12, 0.4494), (10, 14, 0.1741), (0.7, 1, 0.7), (1.0, 2, 1 / 3), (3, 3, 1.0)],
)
def test_erlangs_formula_gives_the_published_values(load: float, windows: int, published: float) -> None:
    assert rules.erlang_c(load, windows) == pytest.approx(published, abs=5e-5)


def test_the_share_that_waits_no_longer_is_the_published_one() -> None:
    # 200 calls an hour of 180 s, 14 agents: 88.8 % within 20 s, the textbook example of call centres.
    assert rules.share_within(10, 14, service_s=180, within_s=20) == pytest.approx(0.888, abs=5e-4)
    assert rules.windows_by_erlang(10, service_s=180, within_s=20, target=0.8) == 14
    assert rules.share_within(3, 3, service_s=180, within_s=20) == 0


@pytest.mark.parametrize(("windows", "busy"), [(1, 0.6), (3, 0.8)])
def test_the_simulation_agrees_with_erlang_where_his_assumptions_hold(windows: int, busy: float) -> None:
    chance, service_s, people = Random(7), 300.0, 10_000
    at, arrivals = 0.0, []
    for _ in range(people):
        at += chance.expovariate(windows * busy / service_s)
        arrivals.append(at)
    services = [chance.expovariate(1 / service_s) for _ in range(people)]
    settled = waits(arrivals, services, windows)[people // 10 :]
    for within_s in (0, 300, 900):
        simulated = sum(wait <= within_s for wait in settled) / len(settled)
        told = rules.share_within(windows * busy, windows, service_s=service_s, within_s=within_s)
        assert simulated == pytest.approx(told, abs=0.025)


CELL = Cell(queue="q", weekday=None, hour=10, days=((12, 20), (18, 28), (9, 15)), windows_now=2)
SERVICE = Service(times=tuple(range(120, 900, 8)), served=400)


def test_the_same_seed_gives_the_same_and_more_windows_are_never_worse() -> None:
    people = [Hour(CELL, SERVICE, customers=400, seed="1") for _ in range(2)]
    one, two = ([each.outlook(windows, within_s=900) for windows in range(1, 7)] for each in people)
    assert one == two
    rates = [each.within_rate for each in one]
    assert rates == sorted(rates) and rates[0] < 0.5 < 0.9 < rates[-1]
    assert one[0].utilisation == 1.0
    assert Hour(CELL, SERVICE, customers=400, seed="2").outlook(2, within_s=900) != one[1]


def outlook(windows: int, *, enough: int) -> Outlook:
    """Pretend that so many windows are enough."""
    return Outlook(
        windows=windows, within_rate=0.95 if windows >= enough else 0.5, p90_wait_s=1, utilisation=0.5
    )


@pytest.mark.parametrize("enough", [1, 2, 4, 9])
def test_the_fewest_windows_are_found_from_either_side_of_erlangs_guess(enough: int) -> None:
    tried: list[int] = []

    def simulate(windows: int) -> Outlook:
        tried.append(windows)
        return outlook(windows, enough=enough)

    row = rules.advise(CELL, SERVICE, simulate, target=0.9, within_s=900)
    assert row["windows_needed"] == enough
    assert [row[name]["windows"] for name in ("less", "as_is", "more")] == [1, 2, 3]
    assert len(tried) == len(set(tried)), "no number of windows is simulated twice"


def test_an_hour_that_no_number_of_windows_saves_says_so() -> None:
    row = rules.advise(CELL, SERVICE, lambda n: outlook(n, enough=99), target=0.9, within_s=900)
    assert row["windows_needed"] is None


def test_without_sign_ins_the_outlooks_are_around_what_is_needed() -> None:
    unknown = Cell(queue="q", weekday=None, hour=10, days=((0, 1),), windows_now=None)
    row = rules.advise(unknown, SERVICE, lambda n: outlook(n, enough=1), target=0.9, within_s=900)
    assert (row["windows_now"], row["windows_needed"], row["less"], row["as_is"]["windows"]) == (
        None,
        1,
        None,
        1,
    )


def test_all_advice_takes_a_bounded_time() -> None:
    for cells in (1, 70 * 9, 70 * 9 * 5, 100_000):
        assert rules.LEAST_CUSTOMERS <= rules.customers_a_try(cells) <= rules.MOST_CUSTOMERS
    assert rules.customers_a_try(630) * 630 * rules.TRIES_A_CELL <= rules.CUSTOMERS


def _arrivals(*rows: tuple[str, int, int, int]) -> list[dict[str, object]]:
    return [
        {"queue": queue, "business_date": MONDAY + timedelta(days=day), "hour": hour, "tickets": tickets}
        for queue, day, hour, tickets in rows
    ]


def test_a_day_without_a_ticket_of_a_queue_counts_as_nobody_came() -> None:
    measured = _arrivals(("a", 0, 9, 4), ("a", 0, 10, 6), ("b", 1, 10, 1))
    cells = {
        (each.queue, each.hour): each for each in rules.cells_of(measured, {}, queue=None, by_weekday=False)
    }
    assert cells["a", 10].days == ((4, 6), (0, 0))
    assert (cells["a", 10].arrivals, cells["b", 10].arrivals) == (3.0, 0.5)
    assert cells["a", 10].windows_now is None
    by_day = rules.cells_of(measured, {("a", MONDAY, 9): 1.6}, queue="a", by_weekday=True)
    assert [(each.weekday, each.hour, each.windows_now) for each in by_day] == [(1, 9, 2), (1, 10, 0)]


def test_a_window_is_shared_among_its_queues_and_counts_for_the_time_it_is_open() -> None:
    nine = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    sessions = [
        {
            "business_date": MONDAY,
            "queues": ["a", "b"],
            "signed_in_at": nine,
            "left_at": nine.replace(hour=10, minute=30),
        },
        {"business_date": MONDAY, "queues": ["a"], "signed_in_at": nine.replace(hour=10), "left_at": None},
    ]
    now = nine.replace(hour=11, minute=15).astimezone(UTC)
    assert rules.open_windows(sessions, zone=SHANGHAI, now=now) == {
        ("a", MONDAY, 9): 0.5,
        ("b", MONDAY, 9): 0.5,
        ("a", MONDAY, 10): 1.25,
        ("b", MONDAY, 10): 0.25,
        ("a", MONDAY, 11): 0.25,
    }


def test_a_queue_with_few_measured_services_is_left_to_the_whole_hall() -> None:
    rows = [
        {"queue": "a", "served": 19, "times": [60]},
        {"queue": "b", "served": 20, "times": [120, 240]},
        {"queue": None, "served": 39, "times": [60, 120]},
    ]
    services = rules.services_of(rows)
    assert set(services) == {"b", None}
    assert services["b"].mean_s == 180
    assert rules.services_of([{"queue": None, "served": 0, "times": None}]) == {}
