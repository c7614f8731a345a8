"""Goes through published plans on its own: what they promise must be drivable, and name every order once.

It uses nothing of dispatch's code. Ways are great circles by the usual road factor, as fast as the usual speeds allow
in a crew's hours; shifts, absences and room are read from the crews' rows again.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
EARTH_M, ROAD_FACTOR = 6_371_009, 1.3
PEAK, NIGHT = (7, 8, 17, 18), (22, 23, 0, 1, 2, 3, 4, 5)
# Of rounding, on each leg.
SECOND, METRE = 1.0, 1.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Order:
    """An order as it is in the moment after publishing."""

    id: str
    state: str
    crew: str | None
    plan: str | None
    item: str
    department: str
    place: Point | None
    window: tuple[datetime, datetime]
    service_s: int
    arrives_at: datetime | None
    departed_at: datetime | None


@dataclass(frozen=True)
class Crew:
    """A crew as it works on the day."""

    code: str
    departments: Sequence[str]
    items: Sequence[str]
    place: Point
    capacity: int
    shift: tuple[datetime, datetime] | None
    breaks: Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Stop:
    """A visit as the plan promises it."""

    order: str
    arrives_at: datetime
    starts_at: datetime
    leaves_at: datetime
    travel_s: int


@dataclass(frozen=True)
class Route:
    """A crew's visits in order."""

    crew: str
    stops: Sequence[Stop]
    distance_m: int
    duration_s: int


@dataclass(frozen=True)
class Published:
    """A plan with the day it was made of; `since` is when it was asked for."""

    id: str
    day: date
    since: datetime
    routes: Sequence[Route]
    unserved: Sequence[str]
    orders: Mapping[str, Order]
    crews: Mapping[str, Crew]


def of_database(connection: Any, id_: str) -> Published:
    """Read a published plan and its day from the database."""
    [plan] = connection.execute("SELECT * FROM plans WHERE id = %s AND state = 'published'", [id_]).fetchall()
    orders = connection.execute("SELECT * FROM orders WHERE day = %s", [plan["date"]]).fetchall()
    crews = connection.execute("SELECT * FROM crews").fetchall()
    absences = connection.execute(
        "SELECT crew, member FROM crew_absences WHERE %s BETWEEN first AND last", [plan["date"]]
    ).fetchall()
    days = connection.execute("SELECT days FROM calendar_years").fetchall()
    exceptions = {each["day"]: each["working"] for row in days for each in row["days"]}
    [hours] = connection.execute("SELECT rows FROM hours").fetchall()
    return Published(
        id=id_,
        day=plan["date"],
        since=plan["requested_at"],
        routes=[_route(each, "job") for each in plan["routes"]],
        unserved=[each["job"] for each in plan["unserved"]],
        orders={str(row["id"]): _order_row(row) for row in orders},
        crews={
            row["code"]: _crew_row(row, plan["date"], exceptions, absences, hours["rows"]) for row in crews
        },
    )


def over_api(get: Callable[..., Any], id_: str) -> Published:
    """Ask the API for a published plan and its day; `get(path, **query)` gives the JSON."""
    plan = get(f"dispatch-plans/{id_}")
    assert plan["state"] == "published", plan["state"]
    day = {"date": plan["date"], "limit": 500}
    return Published(
        id=id_,
        day=date.fromisoformat(plan["date"]),
        since=datetime.fromisoformat(plan["requested_at"]),
        routes=[_route(each, "order") for each in plan["routes"]],
        unserved=[each["order"] for each in plan["unserved"]],
        orders={each["id"]: _order_json(each) for each in get("onsite-orders", **day)["items"]},
        crews={each["code"]: _crew_json(each) for each in get("crews", **day)["items"]},
    )


def _weekday(day: date, exceptions: Mapping[str, bool], known: Sequence[str]) -> int | None:
    """Return the weekday that holds; a make-up workday without hours of its own is like the first that has some."""
    working, own = exceptions.get(day.isoformat()), day.isoweekday()
    if working is False:
        return None
    return min(map(int, known)) if working and own > 5 and str(own) not in known else own


def _breaks(
    row: Mapping[str, Any], day: date, weekday: int | None, hours: Sequence[Any]
) -> list[tuple[datetime, datetime]]:
    """Return the breaks of a crew: its own, otherwise those of its department or, where that has none, of the hall."""
    own = row["breaks"].get(str(weekday))
    of_day = [each for each in hours if each["weekday"] == weekday]
    usual = [each for each in of_day if each["department"] == row["department"]] or [
        each for each in of_day if each["department"] is None
    ]
    if own is None:
        own = [[each["starts"], each["ends"]] for each in (usual[0]["breaks"] if usual else [])]
    moments = [[datetime.combine(day, time.fromisoformat(edge), ZONE) for edge in each] for each in own]
    return [(starts, ends) for starts, ends in moments]


def _crew_row(
    row: Mapping[str, Any],
    day: date,
    exceptions: Mapping[str, bool],
    absences: Sequence[Any],
    opening: Sequence[Any],
) -> Crew:
    weekday = _weekday(day, exceptions, list(row["shifts"]))
    away = {each["member"] for each in absences if each["crew"] == row["code"]}
    present = 0 if None in away else len(set(row["members"]) - away)
    works = present >= row["least_members"] and day not in row["days_off"]
    hours = row["shifts"].get(str(weekday)) if works else None
    shift = [datetime.combine(day, time.fromisoformat(each), ZONE) for each in hours or ()]
    return Crew(
        code=row["code"],
        departments=row["departments"],
        items=row["items"],
        place=(row["lat"], row["lon"]),
        capacity=math.ceil(row["capacity"] * present / len(row["members"])),
        shift=(shift[0], shift[1]) if shift else None,
        breaks=_breaks(row, day, weekday, opening),
    )


def _crew_json(crew: Mapping[str, Any]) -> Crew:
    return Crew(
        code=crew["code"],
        departments=crew["skills"]["departments"],
        items=crew["skills"]["items"],
        place=(crew["start"]["lat"], crew["start"]["lon"]),
        capacity=math.ceil(crew["capacity"] * len(crew["present"]) / len(crew["members"])),
        shift=_stretch(crew["shift"]) if crew["shift"] else None,
        breaks=[_stretch(each) for each in crew["breaks"]],
    )


def _order_row(row: Mapping[str, Any]) -> Order:
    return Order(
        id=str(row["id"]),
        plan=str(row["plan"]) if row["plan"] else None,
        place=None if row["lat"] is None else (row["lat"], row["lon"]),
        window=(row["window_from"], row["window_to"]),
        service_s=row["service_seconds"],
        **{name: row[name] for name in ("state", "crew", "item", "department", "arrives_at", "departed_at")},
    )


def _order_json(order: Mapping[str, Any]) -> Order:
    place = order["location"]
    moments = {name: _moment(order[name]) if order[name] else None for name in ("arrives_at", "departed_at")}
    return Order(
        place=(place["lat"], place["lon"]) if place else None,
        window=_stretch(order["window"]),
        service_s=order["service_seconds"],
        **moments,
        **{name: order[name] for name in ("id", "plan", "state", "crew", "item", "department")},
    )


def _route(route: Mapping[str, Any], name: str) -> Route:
    stops = [
        Stop(
            order=each[name],
            travel_s=each["travel_s"],
            **{what: _moment(each[what]) for what in ("arrives_at", "starts_at", "leaves_at")},
        )
        for each in route["stops"]
    ]
    return Route(route["crew"], stops, route["distance_m"], route["duration_s"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _stretch(stretch: Mapping[str, str]) -> tuple[datetime, datetime]:
    return _moment(stretch["from"]), _moment(stretch["to"])


def wrongs(plan: Published) -> list[str]:
    """Return what is wrong with a published plan; nothing when crews can drive it and everybody is named once."""
    named = Counter([stop.order for route in plan.routes for stop in route.stops] + [*plan.unserved])
    wrong = [f"{order} is named {count} times" for order, count in named.items() if count > 1]
    wrong += [f"{order} is no order of the day" for order in named.keys() - plan.orders.keys()]
    wrong += [
        f"{each.id} is assigned by nothing in the plan"
        for each in plan.orders.values()
        if each.state == "assigned" and each.id not in named
    ]
    wrong += [f"{order} is assigned and unserved" for order in plan.unserved if plan.orders[order].crew]
    crews = Counter(route.crew for route in plan.routes)
    wrong += [f"{code} has {count} routes" for code, count in crews.items() if count > 1]
    for route in plan.routes:
        wrong += [f"{route.crew}: {each}" for each in _route_wrongs(plan, route, plan.crews[route.crew])]
    return wrong


def _route_wrongs(plan: Published, route: Route, crew: Crew) -> Iterator[str]:
    if crew.shift is None:
        yield "does not work"
        return
    begun = [each for each in plan.orders.values() if each.crew == crew.code and each.departed_at]
    if len(begun) + len(route.stops) > crew.capacity:
        yield "makes more visits than it can"
    last = max(begun, key=lambda each: each.departed_at or plan.since, default=None)
    here = (last.place if last else None) or crew.place
    free, metres = max(crew.shift[0], plan.since), 0.0
    first = route.stops[0]
    for stop in route.stops:
        order = plan.orders[stop.order]
        assert order.place is not None
        way = _metres(here, order.place)
        if not _least_s(way, crew.shift) <= stop.travel_s <= _most_s(way, crew.shift):
            yield f"{order.id}: {stop.travel_s} s for {way:.0f} m"
        if stop.arrives_at - timedelta(seconds=stop.travel_s) < free:
            yield f"{order.id}: sets out before it is free"
        yield from _visit_wrongs(plan, stop, order, crew)
        metres += way
        free, here = stop.leaves_at, order.place
    home = _metres(here, crew.place)
    back = first.arrives_at + timedelta(seconds=route.duration_s - first.travel_s)
    if back < free + timedelta(seconds=_least_s(home, crew.shift)) or back > crew.shift[1]:
        yield f"is back at {back}"
    if abs(route.distance_m - metres - home) > METRE * (len(route.stops) + 1):
        yield f"{route.distance_m} m are not the way of {metres + home:.0f} m"


def _visit_wrongs(plan: Published, stop: Stop, order: Order, crew: Crew) -> Iterator[str]:
    if order.department not in crew.departments and order.item not in crew.items:
        yield f"{order.id}: lacks the skill"
    if not order.window[0] <= stop.starts_at <= order.window[1]:
        yield f"{order.id}: outside its window"
    way = stop.arrives_at - timedelta(seconds=stop.travel_s)
    for since, until in ((way, stop.arrives_at), (stop.starts_at, stop.leaves_at)):
        if any(since < ends and starts < until for starts, ends in crew.breaks):
            yield f"{order.id}: runs into a break"
    if stop.starts_at < stop.arrives_at:
        yield f"{order.id}: begins before it is there"
    if stop.leaves_at != stop.starts_at + timedelta(seconds=order.service_s):
        yield f"{order.id}: leaves when the work is not done"
    if (order.crew, order.plan, order.arrives_at) != (crew.code, plan.id, stop.starts_at):
        yield f"{order.id}: was told {order.crew} at {order.arrives_at}"


def _metres(a: Point, b: Point) -> float:
    (lat, lon), (other_lat, other_lon) = ([math.radians(each) for each in point] for point in (a, b))
    angle = math.sin(lat) * math.sin(other_lat) + math.cos(lat) * math.cos(other_lat) * math.cos(
        other_lon - lon
    )
    return EARTH_M * math.acos(min(1.0, angle)) * ROAD_FACTOR


def _speeds(shift: tuple[datetime, datetime]) -> list[float]:
    first, last = (each.astimezone(ZONE).hour for each in shift)
    return [27 if hour in PEAK else 44 if hour in NIGHT else 35 for hour in range(first, last + 1)]


def _least_s(metres: float, shift: tuple[datetime, datetime]) -> float:
    return metres * 3.6 / max(_speeds(shift)) - SECOND


def _most_s(metres: float, shift: tuple[datetime, datetime]) -> float:
    return metres * 3.6 / min(_speeds(shift)) + SECOND
