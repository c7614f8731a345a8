"""On-site service: orders come by phone, the dispatcher plans the day before, and crews make their visits."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import gevent

from loadtests.scene import Scene

PLANNED_WITHIN_S = 60.0
FAILS = 0.05
FIRST_PHONE = 13_600_000_000


def plan_day(scene: Scene) -> None:
    """Take the orders of the day, accept them, have it planned, and publish the plan."""
    operator = scene.actor("clerk", 901, account="operator")
    dispatcher = scene.actor("clerk", 902, account="dispatcher")
    begins = scene.midnight + timedelta(hours=scene.plan.begins)
    for n, order in enumerate(scene.plan.orders):
        body = {
            "item": order.item.code,
            "name": "压测",
            "phone": str(FIRST_PHONE + n),
            "address": f"压测路{n + 1}号",
            "location": {"lat": round(order.lat, 5), "lon": round(order.lon, 5)},
            "window": {
                "from": (begins + timedelta(seconds=order.starts)).isoformat(),
                "to": (begins + timedelta(seconds=order.ends)).isoformat(),
            },
        }
        made = operator.post("order", "/onsite-orders", body)
        if made is not None:
            dispatcher.post("screen", f"/onsite-orders/{made['id']}/screen", {"accept": True})
    if scene.plan.orders:
        _publish(scene)


def _publish(scene: Scene) -> None:
    dispatcher = scene.actor("clerk", 902, account="dispatcher")
    plan = dispatcher.post("plan", "/dispatch-plans", {"date": scene.day, "seed": 1})
    waited = 0.0
    while plan is not None and plan["state"] in ("queued", "solving") and waited < PLANNED_WITHIN_S:
        gevent.sleep(0.5)
        waited += 0.5
        plan = dispatcher.get("plan asked", f"/dispatch-plans/{plan['id']}")
    if plan is None or plan["state"] != "draft":
        scene.broken[f"the day on site was not planned: {plan and plan['state']}"] += 1
        return
    dispatcher.post("publish", f"/dispatch-plans/{plan['id']}/publish")
    crews = dispatcher.get("crews", f"/crews?date={scene.day}&limit=200") or {"items": []}
    busy = {route["crew"] for route in plan["routes"] if route["stops"]}
    scene.crews = [crew for crew in crews["items"] if crew["code"] in busy]


def drive(scene: Scene, n: int) -> None:
    """Make the visits of the n-th crew in the order of its route."""
    crew = scene.crews[n]
    member = scene.actor("clerk", 2000 + n, account=crew["present"][0])
    route = member.get("route", f"/crews/{crew['code']}/route?date={scene.day}")
    draw = random.Random(n)
    for order in (route or {"stops": []})["stops"]:
        scene.pace.until(scene.script(order["arrives_at"]) - draw.uniform(10, 30) * 60)
        if scene.ended or not _moved(scene, member, order, "depart"):
            continue
        scene.pace.until(scene.script(order["arrives_at"]))
        if not _moved(scene, member, order, "arrive"):
            continue
        scene.pace.sleep(order["service_seconds"] * draw.uniform(0.7, 1.3))
        if draw.random() < FAILS:
            _moved(scene, member, order, "fail", {"reason": "压测"})
        elif _moved(scene, member, order, "complete", {"cases": [{"item": order["item"]}]}):
            scene.ledger.visits_on_site[order["id"]] = 1


def _moved(
    scene: Scene, member: Any, order: dict[str, Any], action: str, body: dict[str, Any] | None = None
) -> bool:
    return member.post(action, f"/onsite-orders/{order['id']}/{action}", body or {}) is not None
