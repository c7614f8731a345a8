"""Orders that crews visit, for tests of the pages: taken, screened, planned and published over the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.e2e.test_booking_over_http import hall_now, some_phone
from tests.e2e.test_hall_over_http import Api
from tests.e2e.test_onsite_over_http import CREW, drafted, published, wanted
from tests.halls import OpenHall
from tests.waiting import until

Bring = Callable[..., Any]
ITEM = "market-001"
NAME = "王五"


def orders_on_a_route(hall: OpenHall, count: int) -> list[Any]:
    """Return orders of today that the demo account's crew visits, in the order of its route."""
    dispatcher = Api(hall, "dispatcher")
    now = hall_now(dispatcher)
    taken = [_screened(dispatcher, now) for _ in range(count)]
    plan = drafted(dispatcher, taken[0]["date"])
    for order in taken:
        place = {"order": order["id"], "crew": CREW}
        moved = dispatcher.post(f"/dispatch-plans/{plan['id']}/reassign", place)
        assert moved.json()["feasible"], moved.text
    published(dispatcher, plan)
    ids = {order["id"] for order in taken}
    stops = dispatcher.get(f"/crews/{CREW}/route").json()["stops"]
    return [stop for stop in stops if stop["id"] in ids]


def _screened(dispatcher: Api, now: datetime) -> Any:
    order = dispatcher.post("/onsite-orders", wanted(now, ITEM, some_phone())).json()
    return dispatcher.post(f"/onsite-orders/{order['id']}/screen", {"accept": True}).json()


def order_now(hall: OpenHall, order: Any) -> Any:
    """Return an order as it is."""
    return Api(hall, "dispatcher").get(f"/onsite-orders/{order['id']}").json()


def until_state(hall: OpenHall, order: Any, state: str) -> Any:
    """Wait until an order is in a state and return it."""
    dispatcher = Api(hall, "dispatcher")  # once: who signs in with every look soon may no more

    def now() -> Any:
        return dispatcher.get(f"/onsite-orders/{order['id']}").json()

    def there() -> Any:
        found = now()
        return found if found["state"] == state else None

    return until(there, what=f"the order is {state}", seen=lambda: now()["state"])


def moments(order: Any) -> list[datetime]:
    """Return when a crew left, came and ended."""
    return [datetime.fromisoformat(order[each]) for each in ("departed_at", "arrived_at", "ended_at")]
