"""Idempotent commands: the answer is stored in the transaction of the effect, a repeat gets it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.db import Database, Store
from services.chassis.errors import KeyReused

S = TypeVar("S", bound=Store)


@dataclass(frozen=True)
class Answer:
    """What a command answered, and whether it had answered that before."""

    body: Any
    replayed: bool = False


def fingerprint(method: str, request: Any, caller: Caller) -> str:
    """Return what tells two requests apart that come with the same key."""
    return sha256(f"{method}\n{caller.username}\n{wire.canonical(request)}".encode()).hexdigest()


def run_once(
    database: Database[S],
    command_id: str,
    mark: str,
    effect: Callable[[S], Any],
    *,
    at: datetime,
) -> Answer:
    """Do a command once and answer each repeat as the first time.

    A command that fails leaves nothing behind and may be tried again under the same id.

    Args:
        database: where effect and answer are stored together.
        command_id: the id of the command; may be empty for one that nobody repeats.
        mark: its fingerprint.
        effect: does the work on the store it is given and returns the answer in JSON form.
        at: the moment that is recorded.

    Raises:
        KeyReused: the id was used for another request.
        ServiceError: whatever the effect raises.
    """
    with database.transaction() as store:
        if not command_id:
            return Answer(effect(store))
        if not store.row("begin_command", command_id=command_id, fingerprint=mark, at=at):
            return stored_answer(store, command_id, mark)
        body = effect(store)
        store.run("finish_command", command_id=command_id, answer=wire.dumps(body))
        return Answer(body)


def answered(database: Database[S], command_id: str, mark: str) -> bool:
    """Tell whether a command has been answered.

    Raises:
        KeyReused: the id was used for another request.
    """
    with database.autocommit() as store:
        found = store.row("find_command", command_id=command_id)
    if found is not None and found["fingerprint"] != mark:
        raise KeyReused
    return found is not None


def stored_answer(store: Store, command_id: str, mark: str) -> Answer:
    """Return what was answered to a command id.

    Raises:
        KeyReused: the id was used for another request.
    """
    found = store.row("find_command", command_id=command_id)
    if found is None or found["fingerprint"] != mark:
        raise KeyReused
    return Answer(found["answer"], replayed=True)
