"""Counters that all workers of one machine share: a table in memory mapped before the fork.

Imported by gunicorn's arbiter before the workers are patched by gevent, so it needs the standard library alone.
The lock is the kernel's (`fcntl.lockf` on the same unlinked file): a worker that is killed lets go of it.
"""

import fcntl
import mmap
import os
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

SLOTS = 65_536
PROBES = 16
_SLOT = struct.Struct("<16sdq")


class SharedCounters:
    """Counts by key, each with the moment at which it lapses."""

    def __init__(self, slots: int = SLOTS) -> None:
        """Make an empty table; do this before forking those who share it.

        Args:
            slots: how many live keys fit; when it is full the key that lapses first makes room.
        """
        self._slots = slots
        self._file, path = tempfile.mkstemp(prefix="hall-gateway-")
        os.unlink(path)
        weakref.finalize(self, os.close, self._file)
        os.truncate(self._file, slots * _SLOT.size)
        self._map = mmap.mmap(self._file, slots * _SLOT.size)
        self._thread_lock = threading.Lock()

    def add(self, key: str, amount: int, *, lapse_s: float) -> tuple[int, float]:
        """Add to a key's count and return it with its unix time of lapse; a new key lapses after `lapse_s`."""
        with self._locked():
            now = time.time()
            offset, found = self._find(_digest(key), now)
            count, lapses = self._count(offset) if found else (0, now + lapse_s)
            self._write(offset, key, lapses, count + amount)
            return count + amount, lapses

    def put(self, key: str, count: int, *, lapse_s: float) -> None:
        """Set a key's count and let it lapse `lapse_s` from now."""
        with self._locked():
            now = time.time()
            offset, _ = self._find(_digest(key), now)
            self._write(offset, key, now + lapse_s, count)

    def get(self, key: str) -> tuple[int, float]:
        """Return a key's count and its unix time of lapse, (0, now) when there is none."""
        with self._locked():
            now = time.time()
            offset, found = self._find(_digest(key), now)
            return self._count(offset) if found else (0, now)

    def remove(self, key: str) -> None:
        """Forget a key."""
        with self._locked():
            offset, found = self._find(_digest(key), time.time())
            if found:
                self._map[offset : offset + _SLOT.size] = bytes(_SLOT.size)

    def clear(self) -> None:
        """Forget every key."""
        with self._locked():
            self._map[:] = bytes(len(self._map))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # lockf is held by the process, so threads of one process need a lock of their own.
        with self._thread_lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _find(self, digest: bytes, now: float) -> tuple[int, bool]:
        """Return where a key is and True, or where it may be put and False."""
        start = int.from_bytes(digest[:8], "little")
        best, best_lapses = 0, float("inf")
        for probe in range(PROBES):
            offset = (start + probe) % self._slots * _SLOT.size
            held, lapses, _ = _SLOT.unpack_from(self._map, offset)
            if held == digest and lapses > now:
                return offset, True
            if lapses < best_lapses:
                best, best_lapses = offset, lapses
        return best, False

    def _count(self, offset: int) -> tuple[int, float]:
        _, lapses, count = _SLOT.unpack_from(self._map, offset)
        return count, lapses

    def _write(self, offset: int, key: str, lapses: float, count: int) -> None:
        _SLOT.pack_into(self._map, offset, _digest(key), lapses, count)


def _digest(key: str) -> bytes:
    return blake2b(key.encode(errors="surrogatepass"), digest_size=16).digest()


_prepared: SharedCounters | None = None


def prepare() -> SharedCounters:
    """Make this process's table, or return the one that was made before the fork."""
    global _prepared
    if _prepared is None:
        _prepared = SharedCounters()
    return _prepared
