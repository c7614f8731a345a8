"""Free ports of the loopback."""

import random
import socket

# Below Linux's range for outgoing connections, so that no client is given a server's port while it restarts.
_RANGE = range(20_000, 32_000)


def is_free(port: int, *, address: str = "127.0.0.1") -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def answers(port: int, *, timeout_s: float = 1.0) -> bool:
    """Say whether something accepts connections on this port of the loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout_s):
            return True
    except OSError:
        return False


def free_port(*, besides: frozenset[int] = frozenset()) -> int:
    """Return a free port, none of `besides`.

    Raises:
        OSError: no port of the range is free.
    """
    # Drawn at random, so that servers started side by side seldom want the same one.
    for port in random.SystemRandom().sample(_RANGE, 500):
        if port not in besides and is_free(port):
            return port
    raise OSError(f"no free port between {_RANGE.start} and {_RANGE.stop}")


def free_ports(count: int) -> tuple[int, ...]:
    """Return so many different free ports."""
    found: frozenset[int] = frozenset()
    while len(found) < count:
        found |= {free_port(besides=found)}
    return tuple(found)
