"""Idempotent commands: the answer is stored in the transaction of the effect, a repeat gets it again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

import psycopg

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
        effect: does the work on the store it is given and returns the answer in JSON form. It may be done once more
            for a repeat, and is undone then: it changes nothing but the store.
        at: the moment that is recorded.

    Raises:
        KeyReused: the id was used for another request.
        ServiceError: whatever the effect raises.
    """
    try:
        with database.transaction() as store:
            if not command_id:
                return Answer(effect(store))
            begun = store.ask("begin_command", command_id=command_id, fingerprint=mark, at=at)
            body = _effect_of_first(begun, effect, store)
            store.run("finish_command", command_id=command_id, answer=wire.dumps(body))
            return Answer(body)
    except _DoneBefore:
        with database.autocommit() as store:
            return stored_answer(store, command_id, mark)


class _DoneBefore(Exception):
    """The command id was taken before; what has been done since is undone."""


def _effect_of_first(
    begun: Callable[[], Mapping[str, Any] | None], effect: Callable[[S], Any], store: S
) -> Any:
    """Do the effect before it is known whether the command is new: the question travels with the first statement.

    Raises:
        _DoneBefore: it is not new. What the effect says then, refusals included, is about a hall in which the
            command has been done.
    """
    try:
        body = effect(store)
    except Exception as fault:
        if not _is_new(begun):
            raise _DoneBefore from fault
        raise
    if begun() is None:
        raise _DoneBefore
    return body


def _is_new(begun: Callable[[], Mapping[str, Any] | None]) -> bool:
    try:
        return begun() is not None
    except psycopg.Error:
        # The connection failed, or the statement itself: the effect's own fault tells.
        return True


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
