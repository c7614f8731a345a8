"""The desks of windows: who is served there, who waits, and who was set aside."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway.live.feeds import Kind
from gateway.live.streams import Content

QUEUE_MEMBERS = ("queue", "from_queue")
# Nobody reads the list of those who wait while they serve somebody.
DESK_PAUSE_S, BUSY_DESK_PAUSE_S = 1.0, 15.0


def _desk_keys(desk: Content) -> Iterator[str]:
    """A desk is touched by what happens at its window, to the tickets there, in its queues, and set aside beside it."""
    window = desk["window"]
    yield f"window {window['code']}"
    yield from (f"queue {queue}" for queue in window["queues"])
    yield f"aside in {window['department']}"
    yield from (f"ticket {each['id']}" for each in [desk["ticket"], *desk["held"]] if each)


def _desks_touched(data: Mapping[str, Any]) -> tuple[Iterable[str], Iterable[str]]:
    soon = [f"window {data.get('window') or data.get('code')}", f"ticket {data.get('id')}"]
    later = [f"queue {data[member]}" for member in QUEUE_MEMBERS if member in data]
    return soon, later + [f"aside in {data.get('department')}"] * (data.get("state") == "on_hold")


DESKS = Kind(
    event="desk",
    name_of=lambda desk: str(desk["window"]["code"]),
    keys_of=_desk_keys,
    touched=_desks_touched,
    soon_s=DESK_PAUSE_S,
    later_s=lambda desk: BUSY_DESK_PAUSE_S if desk["ticket"] else DESK_PAUSE_S,
    # The more clerks see change, the less often: their answers come first.
    rest=9.0,
    kept=1,
    lives_s=10.0,
)
