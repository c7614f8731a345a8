"""Follows the whole chain of the trail: `python -m services.identity.verify`, run by `hall audit verify`.

It is made sure too that the chain still goes through each place that notifications was told of, and with `--head
NUMBER:LINK` through one that was noted earlier or found in the log (`audit.head`), so that it can neither have been
emptied nor made anew as a whole.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from services.chassis.bus import Bus, BusError
from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.identity.store import Store
from services.identity.use_cases import audit

Head = Mapping[str, Any]
NOTIFICATIONS, HEADS = "notifications", "list_trail_heads"


def verify(
    database: Database[Store], hall: str, *, heads: Sequence[Head] = (), head: tuple[int, str] | None = None
) -> str:
    """Return what is said of a whole chain.

    Args:
        database: identity's.
        hall: whose trail.
        heads: where it ended at times, as another service was told.
        head: a number and the link it had.

    Raises:
        SystemExit: the chain is broken; the message says where.
    """
    told: dict[str, Any] = {"next": 0}
    with database.autocommit() as store:
        while told["next"] is not None:
            told = audit.verified(store, hall, after=told["next"], heads=heads)
        if told["fault"]:
            raise SystemExit(f"entry {told['fault']['number']} is {told['fault']['kind']}")
        if head is not None:
            at = store.chained(hall, after=head[0] - 1, limit=1)
            if not at or (at[0]["number"], at[0]["link"]) != head:
                raise SystemExit(f"entry {head[0]} does not have that link: the chain was made anew")
    through = f", through {len(heads)} places that were told elsewhere" if heads else ""
    return f"{told['entries']} entries are whole{through}; the head is {told['number']}:{told['link']}"


def heads_elsewhere(hall: str) -> list[Head]:
    """Return `{number, link}` of all places that notifications was told of.

    Raises:
        BusError: it does not answer.
    """
    bus = Bus(settings().amqp_uri, name="hall-audit")
    caller = {"hall": hall, "username": "audit", "roles": ["admin"]}
    found: dict[tuple[int, str], Head] = {}
    after, more = 0, True
    try:
        while more:
            asked = {"after": after}
            told = bus.call(NOTIFICATIONS, HEADS, asked, caller=caller, call_id=str(uuid4())).result["items"]
            found |= {(each["number"], each["link"]): each for each in told}
            # The last of all is told with each part, so it does not say how far the part goes.
            behind = sorted({each["number"] for each in told if each["number"] > after})
            more = len(behind) > 1
            after = behind[-2] if more else after
    finally:
        bus.close()
    return list(found.values())


def _head(text: str) -> tuple[int, str]:
    number, _, link = text.partition(":")
    return int(number), link


def main(arguments: Sequence[str]) -> None:
    """Read the command line and verify; exit code 1 when the chain is broken."""
    parser = argparse.ArgumentParser(prog="hall audit verify", description="Verify the trail of the staff.")
    parser.add_argument(
        "--alone",
        action="store_true",
        help="do not ask notifications where it ended, for instance while it is away",
    )
    parser.add_argument("--head", type=_head, help="NUMBER:LINK that the chain has to go through")
    asked = parser.parse_args(arguments)
    heads: list[Head] = []
    if not asked.alone:
        try:
            heads = heads_elsewhere(settings().hall)
        except BusError as away:
            raise SystemExit(
                f"notifications cannot be asked where the trail ended ({away}): --alone"
            ) from away
    database = Database(Store, load_queries("services.identity"), url=settings().database_url, size=2)
    try:
        sys.stdout.write(verify(database, settings().hall, heads=heads, head=asked.head) + "\n")
    finally:
        database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
