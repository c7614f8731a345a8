"""Keeps one bare machine while its owner lives: `python -m tests.fresh.keeper RELEASE BUNDLE`.

The folder of the machine is made here and removed here, whatever ends the owner. The base of a release is made by
debootstrap and kept in the user's cache for a week.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from tests.fresh import CACHE, inside, registries

ROOT = Path(__file__).parents[2]
_WEEK_S = 7 * 24 * 3600
_APART = ["unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--propagation", "private"]
_PR_SET_PDEATHSIG = 1


def _base(release: str, folder: Path, known: registries.Registries) -> Path:
    """Return the packed base of a release; one that is too old is made anew."""
    packed = CACHE / f"{release}.tar"
    if packed.exists() and time.time() - packed.stat().st_mtime < _WEEK_S:
        return packed
    made = folder / "base"
    subprocess.run([*_APART, "debootstrap", "--variant=minbase", release, made, known.mirror], check=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    half = CACHE / f"{release}.{os.getpid()}.half"
    try:
        subprocess.run(["tar", "-C", made, "--one-file-system", "-cf", half, "."], check=True)
        half.rename(packed)
    finally:
        half.unlink(missing_ok=True)
    _remove(made)
    return packed


def _make(root: Path, packed: Path, bundle: Path, known: registries.Registries, release: str) -> None:
    root.mkdir(mode=0o755)
    subprocess.run(["tar", "-C", root, "-xf", packed], check=True)
    known.write(root, release=release)
    name = Path("/etc/hostname").read_text().strip()
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost {name}\n::1 localhost\n")
    shutil.copyfile(bundle, root / "srv/hallflow.bundle")


def _remove(folder: Path) -> None:
    """Remove a folder; processes that were killed a moment ago may still write into it."""
    for _ in range(20):
        if subprocess.run(["rm", "-rf", "--one-file-system", folder], check=False).returncode == 0:
            return
        time.sleep(0.5)
    raise OSError(f"{folder} cannot be removed")


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


def keep(release: str, bundle: Path) -> None:
    """Make the machine, let it run until it ends, and remove it."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Its owner may be killed while there is no machine yet that would notice.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    known = registries.known_here()
    folder = Path(tempfile.mkdtemp(prefix="hallflow-fresh-"))
    try:
        _make(folder / "root", _base(release, folder, known), bundle, known, release)
        first = [sys.executable, "-m", "tests.fresh.inside", str(folder / "root")]
        subprocess.run([*_APART, *first], cwd=ROOT, pass_fds=[inside.REPLIES], check=True)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _remove(folder)


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
