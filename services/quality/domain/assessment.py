"""The assessment scheme (考评激励): rules that are data give departments points for what was measured or awarded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from services.quality.domain.quarters import Quarter
from services.quality.errors import NotAnAward, NotYet

# What a rule may go by; rates are in percent. `awards` counts what was awarded under the rule itself.
MEASURES = (
    "cases",
    "on_time_rate",
    "letters",
    "banners",
    "plaques",
    "satisfaction_rate",
    "negative_evaluations",
    "unanswered_evaluations",
    "awards",
)
HUNDREDTH = Decimal("0.01")
PERCENT = 100

Figures = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What points are given for: `points` for each unit of the measure past `above`, at most `cap` either way."""

    code: str
    name: str
    name_en: str
    measure: str
    points: Decimal
    above: Decimal
    cap: Decimal | None
    valid_from: date
    valid_to: date | None

    def is_valid(self, on: date) -> bool:
        """Tell whether it holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Award:
    """Points for something that a department did, under a rule of the measure `awards`."""

    hall: str
    id: str
    department: str
    rule: str
    awarded_on: date
    reason: str
    recorded_by: str
    recorded_at: datetime


def check_award(award: Award, rules: Iterable[Rule], *, today: date) -> Award:
    """Return an award that may be recorded.

    Raises:
        NotYet: its day is ahead.
        NotAnAward: no rule of that code gives awards on its day.
    """
    if award.awarded_on > today:
        raise NotYet(errors={"date": ["May not be in the future."]})
    if not any(
        rule.code == award.rule and rule.measure == "awards" and rule.is_valid(award.awarded_on)
        for rule in rules
    ):
        raise NotAnAward(errors={"rule": ["No rule for awards of this code holds on that day."]})
    return award


def rules_for(rules: Iterable[Rule], quarter: Quarter) -> list[Rule]:
    """Return the rules of a quarter, by code: of each the newest version that holds on its last day."""
    held = sorted((rule for rule in rules if rule.is_valid(quarter.last)), key=lambda rule: rule.valid_from)
    newest = {rule.code: rule for rule in held}
    return [newest[code] for code in sorted(newest)]


def figure_of(rule: Rule, figures: Figures, awards: Mapping[str, int]) -> Decimal | None:
    """Return what a rule goes by, in its unit; None when there is nothing to measure, as no decisions."""
    if rule.measure == "awards":
        return Decimal(awards.get(rule.code, 0))
    if rule.measure == "on_time_rate":
        return _percent(figures["on_time"], figures["decided"])
    if rule.measure == "satisfaction_rate":
        return _percent(figures["evaluations"] - figures["negative_evaluations"], figures["evaluations"])
    return Decimal(figures[rule.measure])


def points_of(rule: Rule, figure: Decimal | None) -> Decimal:
    """Return the points of a figure, to the hundredth."""
    if figure is None:
        return Decimal(0)
    points = max(figure - rule.above, Decimal(0)) * rule.points
    if rule.cap is not None:
        points = min(max(points, -rule.cap), rule.cap)
    return points.quantize(HUNDREDTH, ROUND_HALF_UP)


def ranking(
    rules: Sequence[Rule], departments: Iterable[Figures], awards: Mapping[tuple[str, str], int]
) -> list[dict[str, Any]]:
    """Return the departments with their points, each traceable to rule and figure; the best first.

    Departments with equal points share a rank, and the next one is counted past them.

    Args:
        rules: those of the period.
        departments: figures of each department.
        awards: how many were given, by department and rule.
    """
    standings = [_standing(rules, figures, awards) for figures in departments]
    standings.sort(key=lambda each: (-each["points"], each["department"]))
    points = [each["points"] for each in standings]
    return [{"rank": points.index(each["points"]) + 1, **each} for each in standings]


def _standing(
    rules: Sequence[Rule], figures: Figures, awards: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    department = figures["department"]
    own = {rule: count for (name, rule), count in awards.items() if name == department}
    items = [_item(rule, figure_of(rule, figures, own)) for rule in rules]
    return {
        "department": department,
        "name": figures["name"],
        "name_en": figures["name_en"],
        "points": float(sum((each.pop("exact") for each in items), Decimal(0))),
        "items": items,
    }


def _item(rule: Rule, figure: Decimal | None) -> dict[str, Any]:
    points = points_of(rule, figure)
    return {
        "rule": rule.code,
        "name": rule.name,
        "name_en": rule.name_en,
        "measure": rule.measure,
        "figure": None if figure is None else float(figure),
        "points_each": float(rule.points),
        "above": float(rule.above),
        "cap": None if rule.cap is None else float(rule.cap),
        "points": float(points),
        "exact": points,
    }


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(PERCENT * part) / whole).quantize(HUNDREDTH, ROUND_HALF_UP) if whole else None
