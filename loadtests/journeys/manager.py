"""The manager: plans the extended sessions the day before, opens and closes them, and looks at the figures."""

from __future__ import annotations

from datetime import timedelta

from loadtests.plan import Session
from loadtests.record import Actor
from loadtests.scene import Scene

LOOKS_EVERY_S = 5 * 60.0


def plan_sessions(scene: Scene) -> None:
    """Plan the sessions of the day."""
    manager = scene.actor("clerk", 900, account="manager")
    for n, session in enumerate(scene.plan.sessions):
        begins = scene.midnight + timedelta(hours=scene.plan.begins)
        body = {
            "department": session.department,
            "windows": [window.code for window in session.windows],
            "staff": [window.clerk for window in session.windows],
            "starts_at": (begins + timedelta(seconds=session.starts)).isoformat(),
            "ends_at": (begins + timedelta(seconds=session.ends)).isoformat(),
        }
        made = manager.post("plan session", "/extended-sessions", body)
        if made is not None:
            scene.sessions[n] = made["id"]


def manage(scene: Scene) -> None:
    """Open and close sessions in time, and look at the day's figures meanwhile."""
    manager = scene.actor("clerk", 900, account="manager")
    turns: list[tuple[float, str, int]] = []
    for n in scene.sessions:
        session: Session = scene.plan.sessions[n]
        turns += [(session.starts, "open", n), (session.ends, "close", n)]
    for at, action, n in sorted(turns):
        _look_until(scene, manager, at)
        if scene.ended:
            return
        if _state(manager, scene.sessions[n]) != {"open": "open", "close": "closed"}[action]:
            manager.post(f"{action} session", f"/extended-sessions/{scene.sessions[n]}/{action}")
    while not scene.ended:
        _look_until(scene, manager, scene.pace.now() + LOOKS_EVERY_S)


def _state(manager: Actor, session: str) -> str:
    found = manager.get("session", f"/extended-sessions/{session}")
    return str(found["state"]) if found else ""


def _look_until(scene: Scene, manager: Actor, moment: float) -> None:
    while (left := moment - scene.pace.now()) > 0 and not scene.ended:
        manager.get("overview", "/statistics/overview")
        scene.pace.sleep(min(left, max(LOOKS_EVERY_S, scene.pace.factor)))
