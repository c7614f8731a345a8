"""Every pin of the lock files is to be had as a wheel, so that no machine needs a compiler.

Pip itself is asked, for each Python and the glibc of the oldest Debian; the lock says with its options which package
may be built from source, if any.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.specifiers import SpecifierSet

from tests.fresh import CACHE

ROOT = Path(__file__).parents[2]
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13")
# Debian 12 has glibc 2.36. Pip takes each platform for itself, not those that it includes; more of them than wheels are
# made for would cost it a minute.
_GLIBC = ("2_36", "2_35", "2_34", "2_31", "2_28", "2_27", "2_24", "2_17", "2_12", "2_5")
PLATFORMS = (
    *(f"manylinux_{version}_x86_64" for version in _GLIBC),
    *(f"manylinux{year}_x86_64" for year in ("2014", "2010", "1")),
)
STAMP = CACHE / "wheels-found"


def check(locks: tuple[Path, ...] = LOCKS, *, stamp: Path = STAMP) -> list[str]:
    """Return what pip says of pins without a wheel; pins that were found are not asked for again."""
    asked = b"".join(lock.read_bytes() for lock in locks) + " ".join((*PYTHONS, *PLATFORMS)).encode()
    digest = hashlib.sha256(asked).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return []
    with TemporaryDirectory() as name:
        wrong = _ask_for_all(list(locks), Path(name))
    if not wrong:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest)
    return wrong


def _ask_for_all(locks: list[Path], folder: Path) -> list[str]:
    """Ask for the oldest Python, and for the others only those pins whose wheel is not for every Python."""
    oldest, *others = PYTHONS
    wrong, found = _ask(oldest, locks, folder)
    rest = folder / "rest.lock"
    options = [line for lock in locks for line in lock.read_text().splitlines() if line.startswith("--")]
    pins = [
        f"{each['metadata']['name']}=={each['metadata']['version']}" for each in found if not _fits_all(each)
    ]
    rest.write_text("\n".join([*options, *pins, ""]))
    for python in others if pins else []:
        wrong += _ask(python, [rest], folder)[0]
    return wrong


def _ask(python: str, locks: list[Path], folder: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Have pip look the pins up for one Python: what it says against them, and what it would install."""
    report = folder / f"{python}.json"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--ignore-installed",
        "--quiet",
    ]
    command += ["--disable-pip-version-check", "--target", str(folder / "nothing"), "--report", str(report)]
    command += [
        "--implementation",
        "cp",
        "--python-version",
        python,
        *(f"--platform={each}" for each in PLATFORMS),
    ]
    command += [word for lock in locks for word in ("-r", str(lock))]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode == 0:
        return [], json.loads(report.read_text())["install"]
    said = [line for line in done.stdout.splitlines() if line.startswith("ERROR")] or [done.stdout]
    return [f"Python {python}: {line}" for line in said], []


def _fits_all(found: dict[str, Any]) -> bool:
    """Say whether a wheel is for each of the Pythons: not compiled, or against what they have in common."""
    required = SpecifierSet(found["metadata"].get("requires_python") or "")
    any_of_3 = "-none-" in found["download_info"]["url"] or "-abi3-" in found["download_info"]["url"]
    return any_of_3 and all(required.contains(f"{python}.0") for python in PYTHONS)
