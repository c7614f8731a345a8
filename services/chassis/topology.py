"""What stands on the broker: one exchange for facts, one inbox and one place for dead letters a service."""

from collections.abc import Iterable

from kombu import Connection, Exchange, Queue

EVENTS = Exchange("hall.events", type="topic", durable=True)

# A crash counts as a delivery for each message the consumer had in hand, so the limit allows for a bad day.
DELIVERY_LIMIT = 20
# Looking at a dead letter counts as a delivery too. RabbitMQ 4 drops it after twenty unless told otherwise, and 3.10
# knows no word for "never".
LOOKS = 1_000_000


def dead_queue(service: str) -> Queue:
    """Return where a service's messages go that it could not handle."""
    return Queue(
        f"{service}.dead",
        durable=True,
        queue_arguments={"x-queue-type": "quorum", "x-delivery-limit": LOOKS},
    )


def inbox_queue(service: str) -> Queue:
    """Return the queue of the facts a service hears; a message that fails too often moves to its dead letters."""
    return Queue(
        f"{service}.inbox",
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": f"{service}.dead",
        },
    )


def declare(amqp_uri: str, service: str, types: Iterable[str]) -> None:
    """Make the service's queues and bind its inbox to the types it hears; safe to repeat.

    Done when a service is installed, before another publishes what it hears: an event nobody is bound to is gone.

    Raises:
        OSError, amqp.AMQPError, kombu.exceptions.OperationalError: the broker is away.
    """
    with Connection(amqp_uri, connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=3, interval_start=0.5)
        channel = connection.default_channel
        EVENTS(channel).declare()
        dead_queue(service)(channel).declare()
        inbox = inbox_queue(service)(channel)
        inbox.declare()
        for type_ in types:
            inbox.bind_to(EVENTS, routing_key=type_)
