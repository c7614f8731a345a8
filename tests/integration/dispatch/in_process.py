"""Dispatch in the process of the test."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.chassis import personal
from services.chassis.caller import Caller
from services.chassis.db import Database
from services.chassis.inbox import read_event
from services.dispatch.domain.order import Order
from services.dispatch.domain.plan import DayPlan
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.domain.priority import settle
from services.dispatch.domain.travel import GreatCircle
from services.dispatch.service import Dispatch
from services.dispatch.store import Store
from services.dispatch.use_cases import crews, jobs, looking, orders, plans, solving
from tests.integration.dispatch.published import of_database, wrongs

HEARINGS = {hearing.type: hearing for hearing in Dispatch.inbox.hearings}
CLOCK = Caller(hall="main", username="clock", roles=frozenset({"admin"}))
OPERATOR = Caller(hall="main", username="operator", roles=frozenset({"operator"}))
DISPATCHER = Caller(hall="main", username="dispatcher", roles=frozenset({"dispatcher"}))
CREW = Caller(hall="main", username="crew", roles=frozenset({"crew"}))
OTHER_CREW = Caller(hall="main", username="li", roles=frozenset({"crew"}))
ITEM = "market-001"
HERE = {"lat": 22.5431, "lon": 114.0579}
ADDRESS = "福田区福中三路市民中心C区12号"


def phone(nth: int) -> str:
    """Return a mobile number that nobody else in the test has."""
    return f"1380000{nth:04d}"


def visitor(nth: int) -> Caller:
    """Return a visitor who has proved their number."""
    subject = personal.phone_hash(personal.phone_number(phone(nth)))
    return Caller(hall="main", roles=frozenset({"visitor"}), subject=subject)


def crew_fields(code: str, **more: Any) -> dict[str, Any]:
    """Return what makes a crew that works from nine to six on weekdays."""
    weekdays = [{"weekday": each, "starts": time(9), "ends": time(18)} for each in range(1, 6)]
    return {
        "code": code,
        "name": f"上门{code}组",
        "name_en": None,
        "department": "market",
        "members": ["crew"],
        "least_members": 1,
        "skills": {"departments": ["market"], "items": []},
        "shifts": weekdays,
        "start": HERE,
        "capacity": 8,
        "days_off": [],
    } | more


class Settling:
    """Solves a day by putting each visit where it can be, without a search."""

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Return a plan."""
        places = [place for crew in problem.crews for place in (crew.start, crew.end)]
        places += [job.place for job in problem.jobs]
        during = [(crew.free_from, crew.ends_at) for crew in problem.crews]
        table = GreatCircle().table(list(dict.fromkeys(places)), during=during)
        return settle(problem, {}, table)


class Hall:
    """Takes facts and calls as the service's edge would, on Monday 2 March 2026 at five past eight."""

    def __init__(self, database: Database[Store]) -> None:
        """Use a database."""
        self.database = database
        self.checked: set[str] = set()
        self.now = datetime.fromisoformat("2026-03-02T08:05:00+08:00").astimezone(UTC)

    def hear(self, type_: str, data: Mapping[str, Any], *, sequence: int = 1) -> None:
        """Take one event."""
        envelope = {
            "id": str(uuid4()),
            "type": type_,
            "subject": "x",
            "time": self.now.isoformat(),
            "sequence": sequence,
            "hall": "main",
            "data": data,
        }
        with self.database.transaction() as store:
            HEARINGS[type_].handler(store, [read_event(envelope, HEARINGS)])

    def open(self) -> None:
        """Hear of two departments with an item each and the hours, and make two crews of the first."""
        for code, comes in (("market", True), ("tax", False)):
            self.hear("catalogue.department.published", {"code": code, "offers_three_services": comes})
            item = {"code": f"{code}-001", "department": code, "service_seconds": 900, "state": "active"}
            self.hear("catalogue.item.published", item)
        breaks = [{"starts": "12:00", "ends": "14:00"}]
        rows = [
            {"department": None, "weekday": each, "opens": "09:00", "closes": "17:45", "breaks": breaks}
            for each in range(1, 6)
        ]
        self.hear("catalogue.hours.published", {"hours": rows})
        self.hear("catalogue.calendar.published", {"year": 2026, "days": []})
        self.do(crews.save_crew, DISPATCHER, **crew_fields("m1", members=["crew", "wang"]))
        self.do(crews.save_crew, DISPATCHER, **crew_fields("m2", members=["li"]))

    def do(self, command: Callable[..., Any], caller: Caller, **request: Any) -> Any:
        """Carry a command out."""
        with self.database.transaction() as store:
            return command(store, caller, **request)

    def at(self, hour: int, minute: int = 0) -> datetime:
        """Return a local time of the day."""
        local = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
        return local + timedelta(hours=hour, minutes=minute)

    def order(
        self, nth: int, *, window: tuple[int, int] = (9, 12), caller: Caller | None = None, **more: Any
    ) -> Order:
        """Take an order of the person of a number, a little way from the hall."""
        request = {
            "item": ITEM,
            "name": "张三",
            "phone": phone(nth),
            "address": ADDRESS,
            "location": {"lat": HERE["lat"] + nth * 0.004, "lon": HERE["lon"]},
            "window": {"from_": self.at(window[0]), "to": self.at(window[1])},
            "priority": "normal",
            "language": "zh",
        }
        taken: Order = self.do(orders.request_order, caller or visitor(nth), **request | more)
        return taken

    def screened(self, nth: int, **more: Any) -> Order:
        """Take an order and accept it."""
        order = self.order(nth, **more)
        return self.screen(order)

    def screen(self, order: Order, **more: Any) -> Order:
        """Accept an order, or not."""
        request = {"accept": True, "reason": None, "service_seconds": None} | more
        screened: Order = self.do(orders.screen_order, DISPATCHER, id=UUID(order.id), **request)
        return screened

    def now_is(self, order: Order) -> Order:
        """Return an order as it is now."""
        found: Order = self.do(looking.get_order, OPERATOR, id=UUID(order.id))
        return found

    def request(self, day: int = 2, **more: Any) -> DayPlan:
        """Ask for a plan of a day in March."""
        wanted = {"date": date(2026, 3, day), "seed": 1, "seconds": None} | more
        plan: DayPlan = self.do(plans.request_plan, DISPATCHER, **wanted)
        return plan

    def planned(self, day: int = 2, *, solver: solving.Solver | None = None) -> DayPlan:
        """Have a day planned."""
        asked = self.request(day)
        while self.plan(asked).state == "queued":  # behind the drafts that a changed crew has asked for
            assert solving.solve_next(self.database, solver or Settling())
        return self.plan(asked)

    def plan(self, plan: DayPlan) -> DayPlan:
        """Return a plan as it is now."""
        found: DayPlan = self.seen(plan)["plan"]
        return found

    def seen(self, plan: DayPlan) -> dict[str, Any]:
        """Return a plan as a dispatcher sees it."""
        found: dict[str, Any] = self.do(plans.get_plan, DISPATCHER, id=UUID(plan.id))
        return found

    def publish(self, plan: DayPlan) -> DayPlan:
        """Publish a draft."""
        published: DayPlan = self.do(plans.publish_plan, DISPATCHER, id=UUID(plan.id))
        self.check(published.id)
        return published

    def check(self, id_: str) -> None:
        """Make sure, from the database alone, that crews can drive a plan that has just been published."""
        with self.database.connect() as connection:
            assert wrongs(of_database(connection, id_)) == []
        self.checked.add(id_)

    def all_checked(self) -> bool:
        """Tell whether each published plan was checked when it was published."""
        with self.database.connect() as connection:
            rows = connection.execute("SELECT id FROM plans WHERE state = 'published'").fetchall()
        return {str(row["id"]) for row in rows} == self.checked

    def published(self, day: int = 2) -> DayPlan:
        """Plan a day and publish that."""
        return self.publish(self.planned(day))

    def tick(self) -> None:
        """Do what is due by the clock."""
        for job in jobs.JOBS:
            with self.database.transaction() as store:
                job(store, CLOCK)

    def told(self, type_: str = "") -> list[dict[str, Any]]:
        """Return the events of a type, or all, that wait to be published."""
        with self.database.connect() as connection:
            rows = connection.execute("SELECT body FROM outbox ORDER BY id").fetchall()
        return [row["body"] for row in rows if row["body"]["type"].startswith(type_)]

    def verbs(self, order: Order) -> list[str]:
        """Return what was told of an order."""
        return [event["type"].rpartition(".")[2] for event in self.told() if event["subject"] == order.id]
