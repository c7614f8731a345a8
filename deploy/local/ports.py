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


def free_port() -> int:
    """Return a free port that nobody else is given for a minute, whatever process they ask in.

    Raises:
        OSError: no port of the range is free.
    """
    # Drawn at random, so that those who ask side by side seldom try the same one.
    for port in random.SystemRandom().sample(_RANGE, min(len(_RANGE), 500)):
        if _claim(port):
            return port
    raise OSError(f"no free port from {_RANGE.start} to {_RANGE.stop - 1}")


def _claim(port: int) -> bool:
    """Leave a closed connection on a port, unless there is one or a server.

    For a minute (TIME_WAIT, RFC 9293) the kernel then refuses the port to whoever claims it likewise, while a server,
    which sets SO_REUSEADDR, may listen there.
    """
    with socket.socket() as server:
        try:
            server.bind(("127.0.0.1", port))
        except OSError:
            return False
        # From here on, so that the connection lets a server in and yet is in the way of the next claim.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.listen(1)
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = server.accept()
            # The side that closes first keeps the connection.
            accepted.close()
            client.recv(1)
    return True


def free_ports(count: int) -> tuple[int, ...]:
    """Return so many different free ports."""
    return tuple(free_port() for _ in range(count))
