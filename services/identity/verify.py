"""Follows the whole chain of the trail: `python -m services.identity.verify`, run by `hall audit verify`.

With `--head NUMBER:LINK`, noted earlier or found in the log (`audit.head`), it is made sure too that the chain still
goes through that place, so that not even the whole chain can have been made anew.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from services.chassis.config import settings
from services.chassis.db import Database, load_queries
from services.identity.store import Store
from services.identity.use_cases import audit


def verify(database: Database[Store], hall: str, *, head: tuple[int, str] | None = None) -> str:
    """Return what is said of a whole chain.

    Args:
        database: identity's.
        hall: whose trail.
        head: a number and the link it had.

    Raises:
        SystemExit: the chain is broken; the message says where.
    """
    told: dict[str, Any] = {"next": 0}
    with database.autocommit() as store:
        while told["next"] is not None:
            told = audit.verified(store, hall, after=told["next"])
        if told["fault"]:
            raise SystemExit(f"entry {told['fault']['number']} is {told['fault']['kind']}")
        if head is not None:
            at = store.chained(hall, after=head[0] - 1, limit=1)
            if not at or (at[0]["number"], at[0]["link"]) != head:
                raise SystemExit(f"entry {head[0]} does not have that link: the chain was made anew")
    return f"{told['entries']} entries are whole; the head is {told['number']}:{told['link']}"


def _head(text: str) -> tuple[int, str]:
    number, _, link = text.partition(":")
    return int(number), link


def main(arguments: Sequence[str]) -> None:
    """Read the command line and verify; exit code 1 when the chain is broken."""
    parser = argparse.ArgumentParser(prog="hall audit verify", description="Verify the trail of the staff.")
    parser.add_argument("--head", type=_head, help="NUMBER:LINK that the chain has to go through")
    asked = parser.parse_args(arguments)
    database = Database(Store, load_queries("services.identity"), url=settings().database_url, size=2)
    try:
        sys.stdout.write(verify(database, settings().hall, head=asked.head) + "\n")
    finally:
        database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
