"""What the Nameko class of each service is made of.

    class Ticketing(Service):
        name = "ticketing"
        data = Data(Store, "services.ticketing")
        inbox = Inbox(hears("catalogue.item.published", schemas.ItemPublished(), use_cases.keep_items))

        @command(schemas.CallNext(), schemas.Ticket())
        def call_next(self, store, request):
            return use_cases.call_next(store, self.caller, **request)

A `command` runs in one transaction with its stored answer; a `question` reads in autocommit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from time import monotonic, sleep
from typing import Any

import psycopg
import structlog
from marshmallow import Schema, ValidationError
from nameko.extensions import DependencyProvider
from nameko.timer import Timer
from prometheus_client import Histogram
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from services.chassis import clock
from services.chassis.caller import Caller, caller_from_wire
from services.chassis.chores import Chore, do_chores
from services.chassis.commands import Answer, answered, fingerprint, run_once
from services.chassis.config import settings
from services.chassis.db import AWAY, Database, Store, load_queries
from services.chassis.errors import Invalid, NamesAPerson, ServiceAway, ServiceError
from services.chassis.inbox import GATHER, Hearing, InboxConsumer
from services.chassis.logs import get_logger
from services.chassis.outcome import Outcome, Unexpected
from services.chassis.relay import Relay
from services.chassis.rpc import entrypoint
from services.chassis.schemas import Wording
from services.chassis.trail import tell_act

Method = Callable[..., Any]

REPEATABLE = (pg.DeadlockDetected, pg.SerializationFailure, *AWAY)
ATTEMPTS = 3
HEADERS_CALLER = "caller"
CALL_ID_STACK = "call_id_stack"

_seconds = Histogram("hallflow_call_seconds", "Time of calls by method and outcome", ["method", "outcome"])

# Commands by service and name: what staff do by them is told to the trail, or is not.
TOLD: set[str] = set()
ROUTINE: set[str] = set()

log = get_logger()


class Data(DependencyProvider):  # type: ignore[misc]
    """The service's database, for its methods, relay and inbox alike."""

    def __init__(self, store: type[Store], package: str, *, plan_once: bool = False) -> None:
        """Name the store class and the package whose `queries.sql` it uses; `plan_once` as for `Database`."""
        self._store, self._package, self._plan_once = store, package, plan_once
        self.database: Database[Store]

    def setup(self) -> None:
        """Make the pool's description; nothing connects here."""
        self.database = Database(
            self._store,
            load_queries(self._package),
            url=settings().database_url,
            size=settings().workers + 2,
            plan_once=self._plan_once,
        )

    def get_dependency(self, worker_ctx: Any) -> Database[Store]:
        """Give the database."""
        return self.database

    def kill(self) -> None:
        """Close the pool."""
        self.stop()

    def stop(self) -> None:
        """Close the pool."""
        self.database.close()


class CallerOf(DependencyProvider):  # type: ignore[misc]
    """The caller of the call, from the message's headers."""

    def get_dependency(self, worker_ctx: Any) -> Caller:
        """Give the caller."""
        stack = worker_ctx.data.get(CALL_ID_STACK) or [""]
        wire = worker_ctx.data.get(HEADERS_CALLER)
        return caller_from_wire(
            wire if isinstance(wire, dict) else {}, call_id=str(stack[0]), hall=settings().hall
        )


class Background(DependencyProvider):  # type: ignore[misc]
    """A part that runs beside the calls and uses the service's database."""

    def database(self) -> Database[Store]:
        """Return the database of the container this part is in."""
        return next(part for part in self.container.dependencies if isinstance(part, Data)).database


class Outbox(Background):
    """The relay of this process; a service's method wakes it after a commit."""

    relay: Relay

    def start(self) -> None:
        """Run the relay."""
        self.relay = Relay(self.database(), settings().amqp_uri)
        for part in (self.relay.run, self.relay.pass_on, self.relay.listen):
            self.container.spawn_managed_thread(part)

    def get_dependency(self, worker_ctx: Any) -> Callable[[], None]:
        """Give the function that wakes the relay."""
        return self.relay.wake

    def stop(self) -> None:
        """End the relay; what waits stays in the outbox."""
        self.relay.stop()


class Inbox(Background):
    """What the service hears from others."""

    def __init__(self, *hearings: Hearing, gather_s: float = GATHER) -> None:
        """Name the types of event with their use cases, and how many seconds of events make a batch at least."""
        self.hearings: Sequence[Hearing] = hearings
        self._gather_s = gather_s
        self.consumer: InboxConsumer | None = None

    def start(self) -> None:
        """Consume, when there is something to hear."""
        if self.hearings:
            self.consumer = InboxConsumer(
                self.container.service_name,
                self.database(),
                settings().amqp_uri,
                self.hearings,
                gather_s=self._gather_s,
            )
            self.container.spawn_managed_thread(self.consumer.run)

    def stop(self) -> None:
        """Finish the batch in hand and end."""
        if self.consumer:
            self.consumer.stop()
            self.consumer.stopped.wait(settings().grace)


class Chores(Background):
    """What the service does for ever beside its calls, in no worker: it may ask services that ask this one.

    Each copy does it, so it must share the work by locks.
    """

    def __init__(self, *chores: Chore[Any], pause_s: float = 1.0) -> None:
        """Name the chores; when none found anything to do, they are tried again after `pause_s` seconds."""
        self._chores, self._pause_s = chores, pause_s
        self._going = True

    def start(self) -> None:
        """Begin."""
        self.container.spawn_managed_thread(self._run)

    def _run(self) -> None:
        while self._going:
            if not do_chores(self.database(), self._chores):
                sleep(self._pause_s)

    def stop(self) -> None:
        """Begin nothing more; what is under way is gone on with by the next process."""
        self._going = False


def question(
    takes: Schema, gives: Schema | None = None, *, first: Method | None = None
) -> Callable[[Method], Method]:
    """Make a method that reads: `method(self, store, request)`.

    Args:
        takes: schema of the request.
        gives: schema of the answer; the method returns JSON itself when left out.
        first: asks other services while no connection is held, as of a command.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def answer(service: "Service", request: Any) -> Answer:
            loaded = load_request(takes, request)
            if first is not None:
                loaded |= first(service, loaded)
            with service.data.autocommit() as store:
                return Answer(dump(gives, method(service, store, loaded)))

        return _entrypoint(_at_the_edge(method.__name__, answer))

    return decorate


def command(
    takes: Schema,
    gives: Schema | None = None,
    *,
    first: Method | None = None,
    fill: Callable[[Any], Any] | None = None,
    routine: bool = False,
) -> Callable[[Method], Method]:
    """Make a method that changes something: `method(self, store, request)`, in a transaction, once a command id.

    What staff do by it is told to the trail, in that transaction.

    Args:
        takes: schema of the request.
        gives: schema of the answer; the method returns JSON itself when left out.
        first: asks other services, `first(self, request)`, while no transaction is open and no connection held; its
            answer is added to the request. Not done for a command that has been answered. It is done again after a
            crash, so it must be harmless to repeat.
        fill: fills an answer, new or stored, with what is not stored with it: a holder's token.
        routine: not told to the trail: done all day by each clerk, and kept with the thing itself.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def answer(service: "Service", request: Any) -> Answer:
            loaded = load_request(takes, request)
            mark = fingerprint(method.__name__, request, service.caller)
            if first is not None and not answered(service.data, service.caller.command_id, mark):
                loaded |= first(service, loaded)

            def effect(store: Any) -> Any:
                body = dump(gives, method(service, store, loaded))
                if service.tells_acts and not routine:
                    act = method.__name__
                    tell_act(store, service.name, act, caller=service.caller, request=request, after=body)
                return body

            done = run_once(
                service.data,
                service.caller.command_id,
                mark,
                effect,
                at=clock.now(),
            )
            service.wake_relay()
            return replace(done, body=fill(done.body)) if fill is not None else done

        (ROUTINE if routine else TOLD).add(f"{method.__module__.split('.')[1]}.{method.__name__}")
        return _entrypoint(_at_the_edge(method.__name__, answer))

    return decorate


def statement(takes: Schema) -> Callable[[Method], Method]:
    """Make a method that changes something in one statement: `method(self, store, request, mark) -> Answer`.

    For hot commands: no transaction is opened, and the statement itself stores the answer under the caller's command
    id with the fingerprint `mark`.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def answer(service: "Service", request: Any) -> Answer:
            loaded = load_request(takes, request)
            mark = fingerprint(method.__name__, request, service.caller)
            with service.data.autocommit() as store:
                done: Answer = method(service, store, loaded, mark)
            service.wake_relay()
            return done

        return _entrypoint(_at_the_edge(method.__name__, answer))

    return decorate


def _entrypoint(method: Method) -> Method:
    registered: Method = entrypoint(method)
    return registered


def load_request(schema: Schema, request: Any) -> dict[str, Any]:
    """Return the loaded request.

    Raises:
        Invalid: with the messages of each field.
        NamesAPerson: that is what is wrong with one of them.
    """
    try:
        loaded: dict[str, Any] = schema.load(request)
    except ValidationError as fault:
        messages = fault.messages if isinstance(fault.messages, dict) else {"_schema": fault.messages}
        kind = NamesAPerson if any(Wording.NAMES_A_PERSON in each for each in messages.values()) else Invalid
        raise kind(errors=messages) from None
    return loaded


def dump(schema: Schema | None, value: Any) -> Any:
    """Return the JSON form of a result; None stays None."""
    return value if schema is None or value is None else schema.dump(value)


def _at_the_edge(name: str, answer: Callable[["Service", Any], Answer]) -> Method:
    """Turn every end of a call into an outcome, so that no exception reaches the container."""

    @wraps(answer)
    def call(self: "Service", request: Any) -> Outcome:
        structlog.contextvars.bind_contextvars(call_id=self.caller.call_id)
        started = monotonic()
        outcome = _outcome(answer, self, request)
        word = outcome.error.code if outcome.error else "ok"
        seconds = monotonic() - started
        _seconds.labels(name, outcome.error.kind if outcome.error else "ok").observe(seconds)
        log.info("call", method=name, outcome=word, ms=round(seconds * 1000, 1), by=self.caller.username)
        return outcome

    return call


def _outcome(answer: Callable[["Service", Any], Answer], service: "Service", request: Any) -> Outcome:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            done = answer(service, request)
        except ServiceError as refusal:
            return Outcome(error=refusal)
        except REPEATABLE as fault:
            log.warning("call.database", fault=repr(fault), attempt=attempt)
            if attempt == ATTEMPTS or isinstance(fault, PoolTimeout):
                return Outcome(error=ServiceAway("The database does not answer."))
            if not isinstance(fault, (pg.DeadlockDetected, pg.SerializationFailure)):
                service.data.drop_broken()
        except psycopg.DataError as fault:
            log.warning("call.data", fault=repr(fault))
            return Outcome(error=Invalid("A value is outside what can be stored."))
        except Exception:
            log.exception("call.failed")
            return Outcome(error=Unexpected())
        else:
            return Outcome(done.body, replayed=done.replayed)
    return Outcome(error=Unexpected())


class NoFields(Schema):
    """A request without fields."""


class Service:
    """What every service has: caller, outbox and the question how it is."""

    name: str
    data: Any
    # Whether its commands tell what the staff do by them; identity, which keeps the trail, writes into it itself.
    tells_acts = True
    caller = CallerOf()
    wake_relay = Outbox()

    @question(NoFields())
    def health(self, store: Store, request: Mapping[str, Any]) -> dict[str, Any]:
        """Say whether the database answers and takes changes, and how far the relay is."""
        if store.value("is_read_only"):
            raise pg.ReadOnlySqlTransaction("the database takes no changes")
        found = store.row("outbox_backlog")
        waiting, oldest = (found["waiting"], found["oldest"]) if found else (0, None)
        age = (clock.now() - oldest).total_seconds() if oldest else 0
        return {
            "service": self.name,
            "database": "ok",
            "relay": {"backlog": waiting, "oldest_s": round(age, 1)},
            **self.health_details(store),
        }

    def health_details(self, store: Any) -> dict[str, Any]:
        """Return what else this service says of its health."""
        return {}


class Every(Timer):  # type: ignore[misc]
    """A job of the service: `method(self)` at an interval; a fault is logged and the next run tries again."""

    def __init__(self, seconds: float) -> None:
        """Run each `seconds` of real time."""
        super().__init__(interval=seconds, eager=False, expected_exceptions=(psycopg.Error, PoolTimeout))


def every(seconds: float) -> Callable[[Method], Method]:
    """Make a method a job: it runs each `seconds` of real time in every copy, so it must share the work by locks."""
    decorate: Callable[[Method], Method] = Every.decorator(seconds)
    return decorate
