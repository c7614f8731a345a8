"""Real OpenID issuers on the loopback, fetched once into a cache folder and never installed."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests import shared
from tests.shared import ROOT
from tests.waiting import DEADLINE_S, until

CLIENT, SECRET = "hall", "a-secret-of-the-hall"
CANAILLE = "canaille[front,oidc,server]==0.3.6"


@dataclass
class Issuer:
    """One that runs."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it at once, as a machine that loses its power does."""
        self.process.kill()
        self.process.wait(DEADLINE_S)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "hallflow-tests"


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"


def canaille_python() -> Path:
    """Return the Python of an environment that has canaille and nothing of ours; made when first needed."""

    def make() -> dict[str, str]:
        folder = _cache() / f"canaille-{CANAILLE.rpartition(chr(61))[2]}"
        if not (folder / "made").exists():
            _run(sys.executable, "-m", "venv", "--clear", folder)
            _run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", CANAILLE)
            (folder / "made").touch()
        return {"python": str(folder / "bin" / "python")}

    return Path(shared.once("canaille", make)["python"])


@contextmanager
def canaille(port: int, hall: str, folder: Path) -> Iterator[Issuer]:
    """Serve canaille at a port, for a hall at an address."""
    command = [canaille_python(), ROOT / "tests" / "issuers" / "serve_canaille.py", str(port), hall]
    with _running(command, f"http://127.0.0.1:{port}", "", folder / "canaille.log") as issuer:
        yield issuer


@contextmanager
def _running(command: Sequence[str | Path], url: str, below: str, log: Path) -> Iterator[Issuer]:
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
    try:
        until(lambda: _answers(url + below), what=f"the issuer answers, see {log}")
        yield Issuer(url + below, process)
    finally:
        process.kill()
        process.wait(DEADLINE_S)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=DEADLINE_S).is_success
    except httpx.TransportError:
        return False
