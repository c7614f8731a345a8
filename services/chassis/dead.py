"""The messages a service could not handle: `python -m services.chassis.dead list|show|replay SERVICE`.

Looking takes nothing out: messages are fetched without being settled and go back when the connection closes. A replay
publishes an event to the service's inbox, waits for the broker's confirm and only then takes it out of the dead; a
crash in between leaves it in both places, and the inbox knows it by its id. RPC requests are shown but never
replayed, since their callers are long gone.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from amqp.exceptions import AMQPError, NotFound
from kombu import Connection, Message
from kombu.exceptions import OperationalError as BrokerAway

from services.chassis.config import settings
from services.chassis.publisher import ConfirmingPublisher, NotConfirmed, Outgoing
from services.chassis.topology import dead_queue, inbox_queue

LIMIT = 50


class NoSuchLetter(LookupError):
    """There is no dead message with this id."""


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message that was set aside.

    `id` is the event's, or made from the bytes of a message that has none; `type` its routing key.
    """

    id: str
    type: str
    reason: str
    died_at: str
    replayable: bool
    body: str


def list_dead(amqp_uri: str, service: str, limit: int = LIMIT) -> list[DeadLetter]:
    """Return the oldest dead messages of a service.

    Raises:
        amqp.exceptions.NotFound: the service has no place for dead letters.
        OSError, amqp.AMQPError, kombu.exceptions.OperationalError: the broker is away.
    """
    with _dead(amqp_uri, service, limit) as found:
        return [letter for letter, _ in found]


def show(amqp_uri: str, service: str, id_: str) -> DeadLetter:
    """Return one dead message.

    Raises:
        NoSuchLetter: there is none with this id.
    """
    with _dead(amqp_uri, service) as found:
        for letter, _ in found:
            if letter.id == id_:
                return letter
    raise NoSuchLetter(f"{service} has no dead message {id_}")


def replay(amqp_uri: str, service: str, ids: Sequence[str] | None = None) -> int:
    """Send dead events to the service's inbox again and take them out of the dead; returns how many.

    Args:
        amqp_uri: the broker.
        service: whose dead letters.
        ids: which ones; all that can be replayed when left out.

    Raises:
        NoSuchLetter: an id is not there, or is no event; nothing was replayed.
        NotConfirmed: the broker did not take them; they are still in the dead.
    """
    with _dead(amqp_uri, service) as found:
        chosen = [pair for pair in found if pair[0].replayable and (ids is None or pair[0].id in ids)]
        if missing := set(ids or ()) - {letter.id for letter, _ in chosen}:
            raise NoSuchLetter(f"{service} has no dead event {', '.join(sorted(missing))}")
        if chosen:
            _publish(amqp_uri, service, [letter.body for letter, _ in chosen])
        for _, message in chosen:
            message.ack()
    return len(chosen)


def _publish(amqp_uri: str, service: str, bodies: Sequence[str]) -> None:
    publisher = ConfirmingPublisher(amqp_uri)
    try:
        publisher.publish([Outgoing("", inbox_queue(service).name, body) for body in bodies])
    finally:
        publisher.close()


@contextmanager
def _dead(
    amqp_uri: str, service: str, limit: int | None = None
) -> Iterator[list[tuple[DeadLetter, Message]]]:
    with Connection(amqp_uri, connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0.5)
        channel = connection.channel()
        # Asked for first: what is published to an inbox that does not exist is confirmed and gone.
        channel.queue_declare(inbox_queue(service).name, passive=True)
        queue = dead_queue(service)(channel)
        count = queue.queue_declare(passive=True).message_count
        messages = (queue.get() for _ in range(count if limit is None else min(count, limit)))
        yield [(_read(service, message), message) for message in messages if message is not None]


def _read(service: str, message: Message) -> DeadLetter:
    raw = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    death: dict[str, Any] = next(iter(message.headers.get("x-death") or ()), {})
    keys = death.get("routing-keys") or [message.headers.get("x-routing-key")]
    id_ = _event_id(raw)
    return DeadLetter(
        id=id_ or sha256(raw).hexdigest()[:16],
        type=str(keys[0] or ""),
        reason=str(message.headers.get("x-reason") or death.get("reason") or ""),
        died_at=str(death.get("time") or ""),
        replayable=bool(id_) and death.get("queue") == inbox_queue(service).name,
        body=raw.decode(errors="replace"),
    )


def _event_id(raw: bytes) -> str:
    try:
        return str(UUID(json.loads(raw)["id"]))
    except (AttributeError, LookupError, TypeError, ValueError):
        return ""


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="hall dead", description="Messages that a service could not handle."
    )
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="the oldest ones")
    listing.add_argument("service")
    listing.add_argument("--limit", type=int, default=LIMIT)
    showing = actions.add_parser("show", help="one of them, whole")
    showing.add_argument("service")
    showing.add_argument("id")
    again = actions.add_parser("replay", help="send events to the inbox again")
    again.add_argument("service")
    again.add_argument("ids", nargs="+", metavar="ID", help="ids, or the word all")
    return parser.parse_args(arguments)


def _answer(asked: argparse.Namespace, amqp_uri: str) -> str:
    if asked.action == "list":
        letters = list_dead(amqp_uri, asked.service, asked.limit)
        lines = [f"{each.id}\t{each.type}\t{each.reason}\t{each.died_at}" for each in letters]
        return "\n".join(lines) or f"{asked.service} has no dead messages"
    if asked.action == "show":
        letter = show(amqp_uri, asked.service, asked.id)
        head = f"{letter.id}\t{letter.type}\t{letter.reason}\t{letter.died_at}"
        return f"{head}\n{letter.body}"
    done = replay(amqp_uri, asked.service, None if asked.ids == ["all"] else asked.ids)
    return f"{done} replayed"


def main(arguments: Sequence[str]) -> None:
    """Read the command line and do it; exit code 1 with a message when it cannot be done."""
    asked = _arguments(arguments)
    try:
        sys.stdout.write(_answer(asked, settings().amqp_uri) + "\n")
    except NotFound:
        raise SystemExit(f"{asked.service} has no queues on this broker") from None
    except (NoSuchLetter, NotConfirmed) as problem:
        raise SystemExit(str(problem)) from None
    except (AMQPError, BrokerAway, OSError) as problem:
        raise SystemExit(f"the broker does not answer: {problem}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
