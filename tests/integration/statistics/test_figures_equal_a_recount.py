"""Whatever the order and however often events come, the figures are those of a plain recount."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.integration.statistics.in_process import Figures
from tests.integration.statistics.simulated_day import (
    SHANGHAI,
    Told,
    names,
    recount_overview,
    recount_volumes,
    simulate,
)

MONDAY = date(2026, 3, 2)


def jumbled(events: Sequence[dict[str, Any]], *, seed: int) -> list[dict[str, Any]]:
    """Shuffle events and repeat a third of them."""
    rng = random.Random(seed)
    mixed = [*events, *rng.sample(list(events), len(events) // 3)]
    rng.shuffle(mixed)
    return mixed


def with_same_as_of(told: dict[str, Any]) -> dict[str, Any]:
    """Make the moments of two overviews comparable."""
    return told | {"as_of": datetime.fromisoformat(told["as_of"]).astimezone(SHANGHAI)}


def assert_overview(figures: Figures, told: Told, day: date) -> None:
    shown, counted = figures.overview(day), recount_overview(told, day)
    assert with_same_as_of(shown) == with_same_as_of(counted)


@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_and_repeated_stream_gives_the_figures_of_a_recount(figures: Figures, seed: int) -> None:
    told = simulate([MONDAY, MONDAY + timedelta(days=1)], tickets=300, seed=seed)
    figures.take(jumbled([*told.events, *names()], seed=seed), batch=random.Random(seed).randrange(1, 400))
    # Cases of the two days are decided, some of them late, up to two days after.
    for day in (MONDAY + timedelta(days=nth) for nth in range(4)):
        assert_overview(figures, told, day)


def test_the_whole_stream_once_more_changes_nothing(figures: Figures) -> None:
    told = simulate([MONDAY], tickets=100, seed=5)
    figures.take([*names(), *told.events])
    before = figures.overview(MONDAY)
    figures.take(jumbled(told.events, seed=6))
    assert figures.overview(MONDAY) == before


def test_figures_are_right_at_every_moment_of_the_day(figures: Figures) -> None:
    whole = simulate([MONDAY], tickets=60, seed=7)
    figures.take(names())
    for end in range(0, len(whole.events), 40):
        figures.take(whole.events[max(0, end - 40) : end])
        so_far = Told(events=whole.events[:end])
        for event in so_far.events:
            kept = so_far.tickets if event["type"].startswith("ticketing") else so_far.cases
            kept[event["subject"]] = event["data"]
        if so_far.events:
            assert_overview(figures, so_far, MONDAY)


@pytest.mark.parametrize("by", ["day", "month", "quarter", "year"])
@pytest.mark.parametrize("group", ["department", "item", "origin", "hour"])
def test_volumes_are_those_of_a_recount(figures: Figures, by: str, group: str) -> None:
    days = [date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 5), date(2026, 3, 31), date(2026, 4, 1)]
    told = simulate(days, tickets=40, seed=8)
    figures.take(jumbled([*told.events, *names()], seed=8))
    shown = figures.volumes(**{"from": "2025-12-31", "to": "2026-03-31"}, by=by, group=group, limit=1000)
    counted = recount_volumes(told, since=days[1], until=days[3], by=by, group=group)
    assert shown == {"items": counted, "next": None}


def test_pages_of_volumes_make_up_the_whole(figures: Figures) -> None:
    told = simulate([MONDAY, MONDAY + timedelta(days=1)], tickets=60, seed=9)
    figures.take([*told.events, *names()])
    request = {"from": "2026-03-02", "to": "2026-03-03", "by": "day", "group": "item"}
    whole = figures.volumes(**request, limit=1000)["items"]
    gathered, cursor = [], None
    while True:
        page = figures.volumes(**request, limit=7, cursor=cursor)
        gathered += page["items"]
        assert len(page["items"]) <= 7
        if (cursor := page["next"]) is None:
            break
    assert gathered == whole


def test_a_day_without_events_has_zeros_and_no_rates(figures: Figures) -> None:
    figures.take(names())
    shown = figures.overview(MONDAY)
    assert (shown["issued"], shown["accepted"], shown["by_hour"], shown["as_of"]) == (0, 0, [], None)
    assert [shown[name] for name in ("median_wait_s", "p90_wait_s", "on_time_rate")] == [None] * 3
    assert shown["three_services"] == {"cases": 0, "share": None}
    assert shown["estimate"] == {"covered_rate": None, "mean_abs_error_s": None}
    assert {row["issued"] for row in shown["by_department"]} == {0}


def test_halls_do_not_mix(figures: Figures) -> None:
    told = simulate([MONDAY], tickets=20, seed=10)
    figures.take([event | {"hall": "north"} for event in told.events])
    assert figures.overview(MONDAY)["issued"] == 0
