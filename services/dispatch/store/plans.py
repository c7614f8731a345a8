"""Plans of a day, and the work of planners."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from services.chassis import db, wire
from services.dispatch.domain.order import Order
from services.dispatch.domain.plan import Basis, DayPlan, Move, Visit
from services.dispatch.domain.planning import Plan, Route, Stop, Unserved
from services.dispatch.store.rows import order_of

_PLAIN = [field.name for field in fields(DayPlan) if field.name not in ("plan", "moved", "basis", "id")]


class Plans(db.Store):
    """Plans of a day."""

    def day_orders(self, hall: str, day: date) -> list[Order]:
        """Return the orders of a date that are screened, by id; of the cancelled those whose crew was on its way."""
        return [order_of(row) for row in self.rows("orders_of_day", hall=hall, day=day)]

    def lock_day(self, hall: str, day: date) -> None:
        """Keep others from publishing a plan of a date until the transaction ends."""
        self.run("lock_day", hall=hall, day=day)

    def add_plan(self, plan: DayPlan) -> None:
        """Store a new plan, and put it in the planners' queue."""
        plain = {name: getattr(plan, name) for name in _PLAIN} | {"reasons": list(plan.reasons)}
        self.run("add_plan", id=plan.id, **plain)

    def lock_redraft(self, hall: str, day: date) -> None:
        """Keep others from having a date drafted anew until the transaction ends."""
        self.run("lock_redraft", hall=hall, day=day)

    def join_queued(self, hall: str, day: date, reason: str) -> DayPlan | None:
        """Add a reason to a plan of a date that waits, and keep it from being begun until the transaction ends."""
        row = self.row("join_queued", hall=hall, date=day, reason=reason)
        return plan_of(row) if row else None

    def take_work(self) -> tuple[str, str] | None:
        """Take the plan that waits longest, as hall and id; held by this transaction until it ends."""
        row = self.row("take_work")
        return (row["hall"], str(row["plan"])) if row else None

    def waiting_plans(self, hall: str) -> tuple[int, datetime | None]:
        """Return how many plans wait or are being solved, and since when the oldest does."""
        row = self.row("waiting_plans", hall=hall)
        return (row["waiting"], row["oldest"]) if row else (0, None)

    def newest_plans(self, hall: str, since: date) -> list[DayPlan]:
        """Return of each day from one on the plan that was asked for last."""
        return [plan_of(row) for row in self.rows("newest_plans", hall=hall, since=since)]

    def plan(self, hall: str, id_: str) -> DayPlan | None:
        """Return a plan."""
        row = self.row("find_plan", hall=hall, id=id_)
        return plan_of(row) if row else None

    def lock_plan(self, hall: str, id_: str) -> DayPlan | None:
        """Return a plan, locked."""
        row = self.row("lock_plan", hall=hall, id=id_)
        return plan_of(row) if row else None

    def current_plan(self, hall: str, day: date) -> str | None:
        """Return the id of the plan of a date that holds."""
        id_ = self.value("current_plan", hall=hall, date=day)
        return str(id_) if id_ else None

    def plans(self, hall: str, *, day: date | None, cursor: str | None, limit: int) -> list[DayPlan]:
        """Return plans, the newest first."""
        rows = self.rows("list_plans", hall=hall, date=day, cursor=cursor, limit=limit)
        return [plan_of(row) for row in rows]

    def save_plan(self, plan: DayPlan) -> None:
        """Store what became of a plan."""
        self.run("save_plan", **plan_row(plan))

    def retire_plan(self, hall: str, day: date) -> None:
        """Note that the plan of a date that held does so no longer."""
        self.run("retire_plan", hall=hall, date=day)

    def keep_in_plan(self, plan: DayPlan, orders: Sequence[str]) -> None:
        """Note that orders that are as they were belong to this plan now."""
        self.run("keep_in_plan", hall=plan.hall, plan=plan.id, ids=list(orders))


def plan_row(plan: DayPlan) -> dict[str, Any]:
    """Return what of a plan is stored."""
    parts = {
        "routes": [asdict(each) for each in plan.plan.routes],
        "unserved": [asdict(each) for each in plan.plan.unserved],
        "moved": [asdict(each) for each in plan.moved],
        "basis": asdict(plan.basis) if plan.basis else None,
        "progress": plan.progress,
    }
    packed = {name: None if part is None else wire.dumps(part) for name, part in parts.items()}
    return {name: getattr(plan, name) for name in _PLAIN} | {"id": plan.id} | packed


def plan_of(row: Mapping[str, Any]) -> DayPlan:
    """Return a plan."""
    return DayPlan(
        **{name: row[name] for name in _PLAIN},
        id=str(row["id"]),
        plan=Plan(
            routes=tuple(_route(each) for each in row["routes"]),
            unserved=tuple(Unserved(**each) for each in row["unserved"]),
        ),
        moved=[
            Move(order=each["order"], before=_visit(each["before"]), after=_visit(each["after"]))
            for each in row["moved"]
        ],
        basis=_basis(row["basis"]),
    )


def _route(row: Mapping[str, Any]) -> Route:
    return Route(**{**row, "stops": tuple(Stop(**_moments(stop)) for stop in row["stops"])})


def _visit(row: Mapping[str, Any] | None) -> Visit | None:
    return Visit(**_moments(row)) if row else None


def _basis(row: Mapping[str, Any] | None) -> Basis | None:
    return Basis(**{**row, "at": datetime.fromisoformat(row["at"])}) if row else None


def _moments(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") else value for name, value in row.items()
    }
