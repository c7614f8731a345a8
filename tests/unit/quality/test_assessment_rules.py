"""Points of the assessment scheme, quarters, and the states of what a meeting agreed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.quality.domain import assessment, meetings
from services.quality.domain.assessment import Award, Rule
from services.quality.domain.meetings import ACTIONS, TOPICS, Action, Meeting
from services.quality.domain.quarters import quarter_of, read_quarter
from services.quality.errors import (
    ActionSettled,
    BeforeTheMeeting,
    BeforeTheQuarter,
    MeetingAhead,
    MeetingChanged,
    NotAnAward,
    NotYet,
)

AT = datetime(2026, 10, 8, 2, tzinfo=UTC)
TODAY = date(2026, 10, 8)
Q3 = read_quarter("2026-Q3")


def rule(code: str = "on-time", measure: str = "on_time_rate", **more: Any) -> Rule:
    """Return a rule that gives a point a unit, or whatever is said."""
    told = {
        "points": Decimal(1),
        "above": Decimal(0),
        "cap": None,
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
    }
    return Rule(code=code, name=code, name_en=code, measure=measure, **{**told, **more})


def figures(department: str = "market", **more: Any) -> dict[str, Any]:
    """Return the figures of a department where nothing happened, but for what is said."""
    counted = dict.fromkeys(
        (
            "cases", "decided", "on_time", "letters", "banners", "plaques", "evaluations", "negative_evaluations",
            "unanswered_evaluations",
        ),
        0,
    )  # fmt: skip
    return {"department": department, "name": department, "name_en": department, **counted, **more}


@pytest.mark.parametrize(
    ("points", "above", "cap", "figure", "given"),
    [
        ("4", "95", "20", "100", "20.00"),
        ("4", "95", "20", "97.5", "10.00"),
        ("4", "95", "20", "94", "0.00"),
        ("0.5", "0", "5", "131", "5.00"),
        ("0.5", "0", None, "131", "65.50"),
        ("-0.2", "0", "10", "7", "-1.40"),
        ("-0.2", "0", "10", "500", "-10.00"),
        ("0.333", "0", None, "5", "1.67"),
        ("1", "0", None, None, "0"),
    ],
)
def test_points_are_given_past_a_floor_and_up_to_a_cap(
    points: str, above: str, cap: str | None, figure: str | None, given: str
) -> None:
    about = rule(points=Decimal(points), above=Decimal(above), cap=cap and Decimal(cap))
    assert assessment.points_of(about, figure and Decimal(figure)) == Decimal(given)


def test_each_measure_reads_its_figure() -> None:
    told = figures(
        cases=900,
        decided=400,
        on_time=399,
        letters=3,
        evaluations=8,
        negative_evaluations=1,
        unanswered_evaluations=1,
    )
    read = {
        measure: assessment.figure_of(rule("r", measure), told, {"r": 2}) for measure in assessment.MEASURES
    }
    assert read == {
        "cases": 900,
        "on_time_rate": Decimal("99.75"),
        "letters": 3,
        "banners": 0,
        "plaques": 0,
        "satisfaction_rate": Decimal("87.50"),
        "negative_evaluations": 1,
        "unanswered_evaluations": 1,
        "awards": 2,
    }
    assert assessment.figure_of(rule(), figures(), {}) is None, "no decisions, no rate"


def test_a_quarter_goes_by_the_newest_rule_of_its_last_day() -> None:
    rules = [
        rule("a", points=Decimal(2), valid_from=date(2026, 9, 30)),
        rule("a", points=Decimal(1)),
        rule("a", points=Decimal(3), valid_from=date(2026, 10, 1)),
        rule("b", valid_to=date(2026, 9, 29)),
        rule("c", valid_to=date(2026, 9, 30)),
    ]
    assert [(each.code, each.points) for each in assessment.rules_for(rules, Q3)] == [("a", 2), ("c", 1)]


def test_equal_points_share_a_rank_and_every_point_is_traceable() -> None:
    rules = [rule("letter", "letters"), rule("it", "awards", points=Decimal(2))]
    departments = [figures("a", letters=2), figures("b", letters=4), figures("c"), figures("d", letters=1)]
    ranked = assessment.ranking(rules, departments, {("c", "it"): 1, ("d", "other"): 9})
    assert [(each["rank"], each["department"], each["points"]) for each in ranked] == [
        (1, "b", 4.0),
        (2, "a", 2.0),
        (2, "c", 2.0),
        (4, "d", 1.0),
    ]
    for each in ranked:
        assert each["points"] == sum(item["points"] for item in each["items"])
    assert [(item["rule"], item["figure"], item["points"]) for item in ranked[2]["items"]] == [
        ("letter", 0.0, 0.0),
        ("it", 1.0, 2.0),
    ]


AWARD = Award(
    hall="main", id="a", department="market", rule="it", awarded_on=TODAY, reason="上线自助终端",
    recorded_by="manager", recorded_at=AT,
)  # fmt: skip


def test_an_award_needs_a_rule_that_awards_on_its_day() -> None:
    it = rule("it", "awards", valid_to=TODAY)
    assert assessment.check_award(AWARD, [it], today=TODAY) == AWARD
    for rules in ([], [rule("it", "letters")], [replace(it, valid_to=date(2026, 10, 7))]):
        with pytest.raises(NotAnAward):
            assessment.check_award(AWARD, rules, today=TODAY)
    with pytest.raises(NotYet):
        assessment.check_award(AWARD, [it], today=date(2026, 10, 7))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2028-Q1", date(2028, 1, 1), date(2028, 3, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_knows_its_days(text: str, first: date, last: date) -> None:
    quarter = read_quarter(text)
    assert (quarter.first, quarter.last, quarter.name) == (first, last, text)
    assert quarter_of(first) == quarter_of(last) == quarter


@pytest.mark.parametrize("text", ["2026-Q5", "2026-Q0", "2026Q1", "1999-Q1", "2026-Q1\n", ""])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        read_quarter(text)


MEETING = Meeting(
    hall="main", id="m", quarter="2026-Q3", held_on=TODAY, agenda=[], minutes=None, version=1, called_by="manager",
    called_at=AT,
)  # fmt: skip
ACTION = Action(
    hall="main", id="a", meeting="m", ordinal=1, task="增开一个窗口", department="market", due_on=TODAY
)


@pytest.mark.parametrize("before", ACTIONS)
@pytest.mark.parametrize("after", ACTIONS)
def test_an_action_goes_only_where_its_table_says(before: str, after: str) -> None:
    action = replace(ACTION, state=before)
    if after in ACTIONS[before]:
        settled = meetings.settle(action, after, result="完成", by="manager", at=AT)
        assert (settled.state, settled.result, settled.settled_at) == (after, "完成", AT)
    else:
        with pytest.raises(ActionSettled) as refusal:
            meetings.settle(action, after, result="完成", by="manager", at=AT)
        assert refusal.value.extra == {"state": before}


def test_minutes_are_written_after_the_meeting_and_over_what_was_read() -> None:
    written = meetings.write_minutes(MEETING, "议定三项。", version=1, today=TODAY)
    assert (written.minutes, written.version) == ("议定三项。", 2)
    with pytest.raises(MeetingAhead):
        meetings.write_minutes(MEETING, "议定三项。", version=1, today=date(2026, 10, 7))
    with pytest.raises(MeetingChanged) as refusal:
        meetings.write_minutes(written, "另议。", version=1, today=TODAY)
    assert refusal.value.extra == {"version": 2}


def test_a_meeting_and_its_actions_are_in_order_of_time() -> None:
    meetings.check_date(Q3, date(2026, 7, 1))
    with pytest.raises(BeforeTheQuarter):
        meetings.check_date(Q3, date(2026, 6, 30))
    assert meetings.check_action(ACTION, MEETING) == ACTION
    with pytest.raises(BeforeTheMeeting):
        meetings.check_action(replace(ACTION, due_on=date(2026, 10, 7)), MEETING)


def test_an_agenda_has_every_topic_in_its_order() -> None:
    made = meetings.agenda_of({topic: {"of": topic} for topic in TOPICS})
    assert [(each["topic"], each["figures"]["of"]) for each in made] == [(each, each) for each in TOPICS]
