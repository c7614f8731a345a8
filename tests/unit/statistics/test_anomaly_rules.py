"""The follow-up of an unusual movement, and what is said of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.statistics.anomalies.domain import anomalies as rules
from services.statistics.anomalies.domain.anomalies import TRANSITIONS, Anomaly
from services.statistics.anomalies.domain.anomaly_words import words
from services.statistics.errors import DueInThePast, IllegalTransition

TODAY = date(2026, 3, 5)
FOUND = Anomaly(
    hall="main", id="7c3e0f6a-2b7d-4f0e-9d58-5f3a1c9b2e41", subject_kind="item", subject="market-001",
    department="market", direction="rise", business_date=date(2026, 3, 4), since=date(2026, 3, 2), window_days=3,
    since_hour=None, observed=96.0, expected=48.2, lower=22.0, upper=81.0, chance=8.3e-5, score=4.08,
    method="farrington-flexible", last_year=15.4, series=[], detected_at=datetime(2026, 3, 4, 17, tzinfo=UTC),
    seen_on=date(2026, 3, 4),
)  # fmt: skip
STEPS: dict[str, Callable[[Anomaly], Anomaly]] = {
    "assigned": lambda it: rules.assign(it, owner="market", due_on=TODAY, today=TODAY),
    "explained": lambda it: rules.explain(it, text="新规施行"),
    "confirmed": rules.confirm,
    "dismissed": lambda it: rules.dismiss(it, reason="系统补录"),
    "fed_back": lambda it: rules.feed_back(it, result="增开窗口"),
}


@pytest.mark.parametrize("state", TRANSITIONS)
@pytest.mark.parametrize("step", STEPS)
def test_only_the_steps_of_the_table_are_taken(state: str, step: str) -> None:
    anomaly = replace(FOUND, state=state, version=3)
    if step in TRANSITIONS[state]:
        entered = STEPS[step](anomaly)
        assert (entered.state, entered.version) == (step, 4)
    else:
        with pytest.raises(IllegalTransition, match=f"is {state}; it cannot become {step}"):
            STEPS[step](anomaly)


def test_nothing_leads_to_where_it_was_detected() -> None:
    assert not [state for state, following in TRANSITIONS.items() if "detected" in following]
    assert {each for following in TRANSITIONS.values() for each in following} == set(STEPS)


def test_nobody_is_to_explain_it_by_yesterday() -> None:
    with pytest.raises(DueInThePast):
        rules.assign(FOUND, owner="market", due_on=TODAY - timedelta(days=1), today=TODAY)


def test_it_is_overdue_from_the_day_after_until_it_is_explained() -> None:
    assigned = STEPS["assigned"](FOUND)
    tomorrow = TODAY + timedelta(days=1)
    assert [each.is_overdue(tomorrow) for each in (FOUND, assigned, STEPS["explained"](assigned))] == [
        False,
        True,
        False,
    ]
    assert not assigned.is_overdue(TODAY)


def test_a_finding_is_told_in_both_languages() -> None:
    told = words(FOUND, name="企业设立登记", name_en="Company registration")
    assert told["zh"] == (
        "「企业设立登记」2026-03-02 至 2026-03-04（3 个工作日）受理 96 件，按往年规律应约 48 件（正常范围 22–81 件），"
        "高出 99%。若一切如常，出现这种偏离的可能性约为 1/12,048。去年同期每个工作日约 15 件，现在约 32 件。"
    )
    assert told["en"] == (
        "“Company registration” had 96 cases on the 3 working days from 2026-03-02 to 2026-03-04; about 48 were "
        "expected (usual range 22 to 81), 99% more. Were all as usual, the chance of this would be about 1 in "
        "12,048. A year before, a working day had about 15 cases; now it has 32."
    )


def test_a_drop_that_goes_on_of_what_had_no_last_year() -> None:
    drop = replace(
        FOUND, direction="drop", window_days=1, since=FOUND.business_date, observed=0.0, expected=5.5, lower=1.0,
        chance=1e-9, last_year=None, seen_on=date(2026, 3, 6),
    )  # fmt: skip
    told = words(drop, name="甲", name_en="A")
    assert told["zh"] == (
        "「甲」2026-03-04受理 0 件，按往年规律应约 5.5 件（正常范围 1–81 件），低了 100%。"
        "若一切如常，出现这种偏离的可能性不到百万分之一。至 2026-03-06 仍在持续。"
    )
    assert told["en"].endswith(
        "the chance of this would be less than one in a million. It was still so on 2026-03-06."
    )


def test_hours_are_told_without_a_chance_and_rare_items_without_a_share() -> None:
    hour = replace(FOUND, subject_kind="hour", subject="10", since_hour="09", window_days=1, chance=None)
    told = words(hour, name="市场监管局", name_en="Market")
    assert told["zh"].startswith("「市场监管局」2026-03-04 09时至11时受理 96 件")
    assert "on 2026-03-04 from 09:00 to 11:00; about" in told["en"]
    assert "The hours together are beyond the control limit." in told["en"]
    rare = words(replace(FOUND, expected=0.02), name="甲", name_en="A")
    assert "%" not in rare["zh"] + rare["en"]
