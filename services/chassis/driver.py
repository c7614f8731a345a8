"""How psycopg waits in a process of eventlet: in the hub, so that the other greenthreads go on."""

from typing import TypeVar

import psycopg
from eventlet import patcher
from eventlet.hubs import trampoline
from psycopg import waiting
from psycopg.abc import PQGen

Result = TypeVar("Result")

CHECK_S = 1.0

_select = patcher.original("select")
_WRITE = {waiting.WAIT_W: _select.POLLOUT, waiting.WAIT_RW: _select.POLLIN | _select.POLLOUT}


class BlockingDriver(RuntimeError):
    """psycopg would block every greenthread: set PSYCOPG_WAIT_FUNC=wait_selector before importing it."""


class _StillWaiting(Exception):
    """The socket has had nothing to read for a while."""


def require_cooperative_driver() -> None:
    """Refuse to go on where one slow query would freeze the whole eventlet process, and wait cheaply elsewhere.

    psycopg's compiled wait function knows gevent only; the plain Python one waits in `select`, which eventlet
    replaces by its own. That builds a selector for each wait, for writing too, which costs more than the statement:
    `wait_in_hub` takes its place.

    Raises:
        BlockingDriver: the process is eventlet's and psycopg waits in C.
    """
    if not patcher.is_monkey_patched("select") or waiting.wait is wait_in_hub:
        return
    if waiting.wait is not waiting.wait_selector:
        raise BlockingDriver(BlockingDriver.__doc__)
    waiting.wait = wait_in_hub


def wait_in_hub(
    gen: PQGen[Result], fileno: int, interval: float = 0.0, timeout: float | None = None
) -> Result:
    """Do what `psycopg.waiting.wait_selector` does, going through eventlet's hub only to read.

    A socket is nearly always ready to be written to: in a pipeline, where each statement asks, the hub would be
    entered for nothing.

    Args:
        gen: the driver's operation, which says for what it waits.
        fileno: its connection's socket.
        interval: not used; a closed socket is noticed each `CHECK_S` seconds.
        timeout: seconds; such a wait, which only notifications have, is left to psycopg.
    """
    if timeout is not None:
        return waiting.wait_selector(gen, fileno, interval, timeout)
    try:
        wanted = next(gen)
        while True:
            wanted = gen.send(_ready(fileno, wanted))
    except StopIteration as ended:
        result: Result = ended.value
        return result


def _ready(fileno: int, wanted: waiting.Wait) -> waiting.Ready:
    if wanted in _WRITE:
        if ready := _ready_now(fileno, _WRITE[wanted]):
            return ready
        return _in_hub(fileno, write=True)
    return _in_hub(fileno, read=True)


def _ready_now(fileno: int, events: int) -> waiting.Ready:
    poll = _select.poll()
    poll.register(fileno, events)
    found = 0
    for _, event in poll.poll(0):
        found |= waiting.READY_R if event & ~_select.POLLOUT else 0
        found |= waiting.READY_W if event & _select.POLLOUT else 0
    return waiting.Ready(found)


def _in_hub(fileno: int, *, read: bool = False, write: bool = False) -> waiting.Ready:
    try:
        trampoline(fileno, read=read, write=write, timeout=CHECK_S, timeout_exc=_StillWaiting)
    except _StillWaiting:
        waiting._check_fd_closed(fileno)
        return waiting.READY_NONE
    except OSError as closed:
        raise psycopg.OperationalError("connection socket closed") from closed
    return waiting.READY_R if read else waiting.READY_W
