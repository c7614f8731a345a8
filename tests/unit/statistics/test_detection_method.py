"""The method that finds unusual movements, piece by piece and on small simulated halls."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from services.statistics.anomalies.detection import baseline, hours, tails
from services.statistics.anomalies.detection.calendar import design, traits
from services.statistics.anomalies.detection.days import Days
from services.statistics.facts.domain.workdays import PUBLISHED
from tests.unit.statistics.simulated_years import Change, Years, simulate, working_days

DAYS = working_days(date(2026, 1, 30), 420)
LAST_WEEKS = [day.isoformat() for day in DAYS[-15:]]
ROWS = np.hstack([np.ones((len(DAYS), 1)), *design(DAYS)])


def one(counts: Sequence[float], *, known: Sequence[Mapping[str, str]] = ()) -> Days:
    """Return the days of a single item."""
    subject = {"kind": "item", "subject": "i", "department": "d", "counts": list(counts)}
    days = [day.isoformat() for day in DAYS]
    return Days({"days": days, "subjects": [subject], "known": list(known)})


def found(days: Days, dates: Sequence[str] = LAST_WEEKS) -> list[Mapping[str, Any]]:
    """Return the findings of some dates."""
    lines = list(days.examine([date.fromisoformat(each) for each in dates]))
    assert [line["examined"] for line in lines if "examined" in line] == list(dates)
    return [line["finding"] for line in lines if "finding" in line]


def flat(mean: float, seed: int = 1) -> list[int]:
    """Return counts in which nothing is the matter."""
    drawn: list[int] = np.random.default_rng(seed).poisson(mean, len(DAYS)).tolist()
    return drawn


def test_benjamini_and_hochberg_believe_what_their_own_example_does() -> None:
    # The fifteen probabilities of section 4.1 of their paper: at 0.05 four are believed, three by Bonferroni.
    theirs = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
        0.7590, 1.0000,
    ]  # fmt: skip
    assert tails.discoveries(theirs, rate=0.05) == [0, 1, 2, 3]
    assert tails.discoveries(theirs[::-1], rate=0.05) == [11, 12, 13, 14]


def test_a_discovery_carries_those_below_it_that_would_not_stand_alone() -> None:
    assert tails.discoveries([0.03, 0.04, 0.9, 0.045], rate=0.06) == [0, 1, 3]
    assert tails.discoveries([0.2, 0.9], rate=0.1) == []
    assert tails.discoveries([], rate=0.1) == []


def test_tails_are_those_of_a_poisson_and_wider_with_more_variance() -> None:
    seen, mean = np.array([10.0]), np.array([5.0])
    fewer, more = tails.tails(seen, means=mean, variances=mean)
    assert (fewer[0], more[0]) == pytest.approx((0.98631, 0.03183), abs=1e-4)
    _, wider = tails.tails(seen, means=mean, variances=2 * mean)
    assert wider[0] > more[0]
    low, high = tails.bounds(0.01, means=mean, variances=mean)
    assert (low[0], high[0]) == (1.0, 11.0)


def test_make_up_days_are_worked_and_days_beside_a_holiday_are_marked() -> None:
    # Spring Festival 2026: off from 15 to 23 February, made up for on Saturdays 14 and 28.
    assert [PUBLISHED.is_working(date(2026, 2, day)) for day in (13, 14, 16, 24, 28)] == [
        True,
        True,
        False,
        True,
        True,
    ]
    *_, made_up, after, before = traits(date(2026, 2, 14))
    assert (made_up, after, before) == (1, 0, 1)
    assert traits(date(2026, 2, 24))[-2:] == [1, 0]
    assert traits(date(2026, 3, 9))[-2:] == [0, 0]


def test_a_year_whose_calendar_is_not_published_has_plain_weeks() -> None:
    assert [PUBLISHED.is_working(date(2090, 1, day)) for day in range(2, 9)] == [True] * 5 + [False] * 2


def test_the_regression_learns_weekday_and_trend() -> None:
    monday = np.array([day.weekday() == 0 for day in DAYS])
    grown = np.exp(0.3 * np.array([(day - DAYS[0]).days / 365.25 for day in DAYS]))
    counts = np.random.default_rng(2).poisson(20 * grown * np.where(monday, 2, 1)).astype(float)
    expected = baseline.fit(ROWS[:-20], counts[:-20]).means(ROWS[-20:])
    assert expected == pytest.approx((20 * grown * np.where(monday, 2, 1))[-20:], rel=0.25)


def test_an_old_outlier_does_not_hide_a_new_one() -> None:
    counts = flat(20)
    counts[300:310] = [200] * 10
    counts[-3] = 50
    plain = np.var(counts[:-15]) / np.mean(counts[:-15])
    assert baseline.fit(ROWS[:-15], np.array(counts[:-15], dtype=float)).dispersion < plain / 4
    assert [each["business_date"] for each in found(one(counts))] == [LAST_WEEKS[-3]]


@pytest.mark.parametrize("mean", [0.2, 3.0, 40.0, 400.0])
def test_nothing_is_found_where_nothing_is_the_matter(mean: float) -> None:
    assert found(one(flat(mean))) == []


def test_a_doubling_is_found_once_and_goes_on() -> None:
    counts = flat(40)
    counts[-8:] = [2 * each for each in counts[-8:]]
    lines = list(one(counts).examine(DAYS[-15:]))
    [finding] = [line["finding"] for line in lines if "finding" in line]
    assert (finding["direction"], finding["business_date"]) == ("rise", DAYS[-8].isoformat())
    assert finding["observed"] > finding["upper"] > finding["expected"] > finding["lower"]
    assert finding["expected"] == pytest.approx(40, rel=0.2)
    goes_on = [line["goes_on"]["on"] for line in lines if "goes_on" in line]
    assert goes_on[-1] == DAYS[-1].isoformat()


def test_what_was_found_in_another_run_is_not_found_again() -> None:
    counts = flat(40)
    counts[-8:] = [2 * each for each in counts[-8:]]
    known = {"kind": "item", "subject": "i", "direction": "rise", "seen_on": DAYS[-8].isoformat()}
    assert found(one(counts, known=[known]), LAST_WEEKS[-7:]) == []


def test_a_day_s_findings_do_not_depend_on_what_else_is_examined() -> None:
    counts = flat(40)
    counts[-2] = 100
    alone = found(one(counts), LAST_WEEKS[-2:-1])
    assert alone == found(one(counts))


def test_a_stop_and_a_doubling_of_few_cases_take_days_to_be_sure_of() -> None:
    stopped, doubled = flat(3), flat(4, seed=3)
    stopped[-12:] = [0] * 12
    doubled[-12:] = np.random.default_rng(5).poisson(8, 12).tolist()
    [stop], [rise] = found(one(stopped)), found(one(doubled))
    assert (stop["direction"], stop["window_days"] > 1) == ("drop", True)
    assert (rise["direction"], rise["window_days"] > 1) == ("rise", True)


def test_a_finding_tells_last_year_and_the_last_sixty_working_days() -> None:
    counts = flat(40)
    counts[-1] = 120
    [finding] = found(one(counts))
    assert finding["last_year"] == pytest.approx(40, rel=0.2)
    assert len(finding["series"]) == 60
    assert finding["series"][-1]["observed"] == 120 > finding["series"][-1]["upper"]
    assert all(before["at"] < after["at"] for before, after in pairwise(finding["series"]))


def test_an_item_with_a_short_history_is_left_alone() -> None:
    counts = [0] * len(DAYS)
    counts[-60:] = flat(5)[-60:]
    counts[-1] = 500
    assert found(one(counts)) == []


def mixed(years: Years) -> dict[str, Any]:
    subjects = [
        {"kind": "item", "subject": str(nth), "department": "d", "counts": counts.tolist()}
        for nth, counts in enumerate(years.counts)
    ]
    return {"days": [day.isoformat() for day in years.days], "subjects": subjects, "known": []}


def test_changes_of_each_kind_are_found_among_quiet_items() -> None:
    kinds = ("doubling", "half_more", "spike", "halving", "stop", "ramp")
    first = len(DAYS) - 12
    # Large ones only: what is possible with how few cases, `make evaluate-detection` measures.
    means = simulate(DAYS, seed=4, items=40, a_day=1200).means
    large = np.argsort(means)[::-1][: len(kinds)].tolist()
    changes = [Change(item, kind, first) for item, kind in zip(large, kinds, strict=True)]
    years = simulate(DAYS, seed=4, items=40, a_day=1200, changes=changes)
    when = {each["subject"]: each for each in found(Days(mixed(years)))}
    assert set(when) >= {str(item) for item in large}
    assert len(when) <= len(large) + 1, "more than one false alarm in three weeks"
    soon = {DAYS[nth].isoformat() for nth in range(first, first + 3)}
    assert all(when[str(each.item)]["business_date"] in soon for each in changes if each.kind != "ramp")
    assert {each.kind for each in changes if when[str(each.item)]["direction"] == "drop"} == {
        "halving",
        "stop",
    }


HOURS = [f"{hour:02}" for hour in range(9, 18)]


def course(counts: Sequence[float], known: Sequence[Mapping[str, str]] = ()) -> list[Mapping[str, Any]]:
    """Return what is found in a department's hours of a Monday, ten cases an hour being usual."""
    past = np.random.default_rng(7).poisson(10, (60, len(HOURS))).tolist()
    days = [day.isoformat() for day in working_days(date(2026, 2, 27), 60)]
    message = {
        "task": "hours", "today": "2026-03-02", "hours": HOURS[: len(counts)], "days": days, "known": list(known),
        "departments": [
            {"department": "d", "past": [row[: len(counts)] for row in past], "counts": list(counts)}
        ],
    }  # fmt: skip
    return [line["finding"] for line in hours.examine(message)]


def test_hours_as_usual_tell_nothing() -> None:
    assert course([9, 12, 8, 11, 10, 7, 13, 10]) == []


def test_hours_of_twice_as_many_are_found_while_the_day_runs() -> None:
    [finding] = course([10, 11, 21, 22, 20])
    assert (finding["direction"], finding["subject"] <= "13", finding["since_hour"]) == ("rise", True, "11")
    assert len(finding["series"]) == HOURS.index(finding["subject"]) + 1
    assert course([10, 11, 21, 22, 20], known=[{"department": "d", "direction": "rise"}]) == []


def test_hours_in_which_nobody_comes_are_found() -> None:
    [finding] = course([10, 11, 0, 0, 0])
    assert (finding["direction"], finding["observed"]) == ("drop", 0)


def test_cumulative_sums_see_a_shift_and_the_weighted_mean_a_single_leap() -> None:
    assert hours.signal(np.zeros(9)) is None
    began, at, method, _ = hours.signal(np.array([0, 0, 2.2, 2.4, 2.4, 2.4])) or (0, 0, "", 0)
    assert (began, at, method) == (2, 5, "cusum")
    assert (hours.signal(np.array([3.9, 0.0])) or ("",) * 4)[2] == "ewma"
