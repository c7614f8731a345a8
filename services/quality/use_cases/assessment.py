"""The assessment of departments: rules, awards and quarterly rankings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.trail import was
from services.quality.domain import assessment as rules
from services.quality.domain.assessment import Award, Rule
from services.quality.domain.commendations import commended
from services.quality.domain.quarters import Quarter, quarter_of
from services.quality.errors import AlreadyWithdrawn, QuarterPublished, QuarterRunning
from services.quality.store import Store
from services.quality.use_cases.common import require_analyst, require_manager

# What statistics says of a quarter: `departments`, `volumes`, `anomalies`, `evaluations`.
Told = Mapping[str, Any]
# Of a department that statistics has not heard of.
NOTHING = dict.fromkeys(
    ("cases", "decided", "on_time", "evaluations", "negative_evaluations", "unanswered_evaluations"), 0
)


def load_rules(store: Store, caller: Caller, *, rules: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Bring rules to what a table says; those that it does not name stay.

    Raises:
        ManagersOnly: the caller is no manager.
    """
    for each in rules:
        save_rule(store, caller, **each)
    was(store, None)
    return {"rules": len(rules)}


def save_rule(store: Store, caller: Caller, **told: Any) -> Rule:
    """Make a rule, or change the one of the same code and first day; published rankings stay as they are.

    Raises:
        ManagersOnly: the caller is no manager.
    """
    require_manager(caller)
    rule = Rule(**told)
    known = store.assessment_rules(caller.hall)
    same = (each for each in known if (each.code, each.valid_from) == (rule.code, rule.valid_from))
    was(store, next((vars(each) for each in same), None))
    store.save_rule(caller.hall, rule)
    return rule


def list_rules(store: Store, caller: Caller) -> list[Rule]:
    """Return all rules that there were and are.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    require_analyst(caller)
    return store.assessment_rules(caller.hall)


def find_published(store: Store, caller: Caller, *, period: Quarter) -> dict[str, Any] | None:
    """Return the ranking of a quarter as it was published, None when it was not.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    require_analyst(caller)
    fixed = store.published_assessment(caller.hall, period)
    return None if fixed is None else {**fixed, "state": "published"}


def get_assessment(store: Store, caller: Caller, *, period: Quarter, told: Told) -> dict[str, Any]:
    """Return the ranking of a quarter: as it was published, else as it is now.

    Args:
        store: the database.
        caller: an analyst or a manager.
        period: the quarter.
        told: what statistics says of the quarter; of one that is published it is not looked at.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    fixed = find_published(store, caller, period=period)
    if fixed is not None:
        return fixed
    return {
        "period": period.name,
        "state": "open",
        "ranking": ranking_now(store, caller.hall, period, told),
        "published_by": None,
        "published_at": None,
    }


def publish_assessment(store: Store, caller: Caller, *, period: Quarter, told: Told) -> dict[str, Any]:
    """Fix the ranking of a quarter that is over: it is given so ever after.

    Args:
        store: the database.
        caller: a manager.
        period: the quarter.
        told: what statistics says of the quarter.

    Raises:
        ManagersOnly: the caller is no manager.
        QuarterRunning: it is not over.
        QuarterPublished: it was published before.
    """
    require_manager(caller)
    at = clock.now()
    if clock.business_date(at) <= period.last:
        raise QuarterRunning
    _require_open(store, caller, period)
    ranking = ranking_now(store, caller.hall, period, told)
    store.publish_assessment(caller.hall, period, ranking, by=caller.username or "", at=at)
    return get_assessment(store, caller, period=period, told=told)


def ranking_of(store: Store, hall: str, quarter: Quarter, told: Told) -> Sequence[Mapping[str, Any]]:
    """Return the ranking of a quarter: as it was published, else as it is now."""
    fixed = store.published_assessment(hall, quarter)
    ranking: Sequence[Mapping[str, Any]] = (
        fixed["ranking"] if fixed else ranking_now(store, hall, quarter, told)
    )
    return ranking


def ranking_now(store: Store, hall: str, quarter: Quarter, told: Told) -> list[dict[str, Any]]:
    """Work the ranking of a quarter out, of what statistics says of it and of what was recorded here."""
    counted = {row["department"]: row for row in told["departments"]}
    praise: dict[str, dict[str, int]] = defaultdict(dict)
    for row in store.commendation_counts(hall, since=quarter.first, until=quarter.last):
        praise[row["department"]][row["kind"]] = row["count"]
    figures = [
        {
            **NOTHING,
            **counted.get(each["code"], {}),
            **commended(praise[each["code"]]),
            "department": each["code"],
            "name": each["name"],
            "name_en": each["name_en"],
        }
        for each in store.departments(hall)
    ]
    return rules.ranking(
        rules.rules_for(store.assessment_rules(hall), quarter), figures, store.award_counts(hall, quarter)
    )


def record_award(
    store: Store, caller: Caller, *, department: str, rule: str, awarded_on: date, reason: str
) -> dict[str, Any]:
    """Award points to a department, as for innovation, coordination or work on IT.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NotYet, NotAnAward: as `domain.assessment.check_award`.
        UnknownDepartment: there is no such department.
        QuarterPublished: the ranking of its quarter is fixed.
    """
    require_analyst(caller)
    at = clock.now()
    award = Award(
        hall=caller.hall,
        id=str(uuid4()),
        department=department,
        rule=rule,
        awarded_on=awarded_on,
        reason=reason,
        recorded_by=caller.username or "",
        recorded_at=at,
    )
    rules.check_award(award, store.assessment_rules(caller.hall), today=clock.business_date(at))
    store.require_department(caller.hall, department)
    _require_open(store, caller, quarter_of(awarded_on))
    store.add_award(award)
    return {**award.__dict__, "withdrawn_at": None, "withdrawn_by": None, "withdrawal": None}


def withdraw_award(store: Store, caller: Caller, *, id: UUID, reason: str) -> dict[str, Any]:
    """Count an award no more.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchAward: there is none.
        AlreadyWithdrawn: it was withdrawn before.
        QuarterPublished: the ranking of its quarter is fixed.
    """
    require_analyst(caller)
    award = store.lock_award(caller.hall, str(id))
    if award["withdrawn_at"] is not None:
        raise AlreadyWithdrawn
    _require_open(store, caller, quarter_of(award["awarded_on"]))
    return store.withdraw_award(caller.hall, str(id), reason=reason, by=caller.username or "", at=clock.now())


def list_awards(
    store: Store, caller: Caller, *, since: date, until: date, department: str | None
) -> list[dict[str, Any]]:
    """Return the awards of these dates, withdrawn ones too, the newest first.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    require_analyst(caller)
    return store.awards(caller.hall, since=since, until=until, department=department)


def _require_open(store: Store, caller: Caller, quarter: Quarter) -> None:
    """Refuse to change a quarter whose ranking is fixed; nobody fixes it until the transaction ends."""
    store.lock_assessment(caller.hall, quarter)
    if store.published_assessment(caller.hall, quarter) is not None:
        raise QuarterPublished
