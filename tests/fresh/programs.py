"""Every program that is called is in a package that is there by then: `deploy/local/programs.csv` says which.

A program is there for one of these purposes, and each kind of file may call those of some:

- `base`: Debian's base has it.
- `first`: README's first line installs it, or says that it has to be there.
- `perhaps`: it is called only where it is there, and its absence is an answer.
- `hall`: it comes with what `bootstrap.sh` installs for a hall.
- `tests`, `pictures`, `fresh`: `bootstrap.sh` installs the package when it is called with this word.
"""

import csv
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.fresh import shell_words
from tests.fresh.python_calls import Module

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "deploy" / "local" / "programs.csv"
BOOTSTRAP = ROOT / "deploy" / "local" / "bootstrap.sh"
_BARE = frozenset({"base", "first", "perhaps"})
_HALL = _BARE | {"hall"}
_TESTS = _HALL | {"tests"}
# The longest beginning of a path counts.
MAY_CALL = {
    "": _TESTS,
    ".ci/": _BARE,
    "Makefile": _BARE,
    "deploy/local/bootstrap.sh": _BARE,
    "deploy/": _HALL,
    "services/": _HALL,
    "gateway/": _HALL,
    "deploy/local/report_pictures.py": _HALL | {"pictures"},
    "tests/fresh/": _HALL | {"fresh"},
}
# Modules that call what they are given, and what that is beside this Python.
GIVEN = {
    "loadtests/postgres.py": frozenset({"pgbench"}),
    "services/chassis/child.py": frozenset[str](),
    "tests/fresh/inside.py": frozenset({"bash", "runuser"}),
    "tests/fresh/registries.py": frozenset({"apt-config", "apt-get"}),
    "tests/unit/dispatch/test_solver_process.py": frozenset[str](),
}
# Called by an image of their own kind.
NOT_HERE = ("deploy/postgres/", "gateway/api/docs/assets/vendor/")


@dataclass(frozen=True)
class Program:
    """A row of the table."""

    name: str
    package: str
    purpose: str


def table(path: Path = TABLE) -> dict[str, Program]:
    """Read the table."""
    with path.open(newline="") as file:
        return {row["program"]: Program(*row.values()) for row in csv.DictReader(file)}


def complaints(calls: dict[str, set[str]], known: dict[str, Program], bootstrap: str) -> list[str]:
    """Return what is wrong: a program of no known package, one that is not there by then, a package nobody installs.

    Args:
        calls: the programs that each file calls, by its path.
        known: the table.
        bootstrap: the text of `bootstrap.sh`.
    """
    wrong = [
        f"{path} calls {name}: {reason}"
        for path, names in sorted(calls.items())
        for name in sorted(names)
        if (reason := _reason_against(path, name, known))
    ]
    wrong += [
        f"{each.name} is said to come with {each.package}, which bootstrap.sh does not install"
        for each in known.values()
        if each.purpose == "hall" and each.package not in bootstrap.replace("\n", " ").split(" ")
    ]
    return wrong


def _reason_against(path: str, name: str, known: dict[str, Program]) -> str | None:
    allowed = MAY_CALL[max((beginning for beginning in MAY_CALL if path.startswith(beginning)), key=len)]
    if name not in known:
        return f"the table {TABLE.relative_to(ROOT)} does not say which package brings it"
    if known[name].purpose not in allowed:
        return f"it is there for {known[name].purpose} only, and this file needs it before or without"
    return None


def calls_of(path: str, text: str, known: Iterable[str]) -> set[str]:
    """Return the programs that a file calls.

    Raises:
        ValueError: its text does not tell, nor does `GIVEN`; or it cannot be read.
    """
    if path.startswith(NOT_HERE):
        return set()
    if path.endswith(".py"):
        return _calls_of_module(path, text, frozenset(known))
    if path.endswith(".md"):
        return shell_words.of_document(text)
    if path == "Makefile":
        return shell_words.of_makefile(text)
    return (
        shell_words.of_script(text)
        if path.endswith(".sh") or text.startswith("#!/usr/bin/env bash")
        else set()
    )


def _calls_of_module(path: str, text: str, known: frozenset[str]) -> set[str]:
    if "subprocess" not in text and "os.exec" not in text and "bin/" not in text:
        return set()
    module = Module(text)
    if module.untold and path not in GIVEN:
        raise ValueError(
            f"line {module.untold[0]} calls something that its text does not tell: say it in GIVEN"
        )
    if not module.untold and path in GIVEN:
        raise ValueError("its text tells all that it calls: it does not belong into GIVEN")
    return module.programs | module.handed_on(known) | GIVEN.get(path, frozenset())


def all_calls(root: Path, known: Iterable[str]) -> tuple[dict[str, set[str]], list[str]]:
    """Return the programs that each file of the repository calls, and what could not be read."""
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.py",
            "*.sh",
            "*.md",
            "Makefile",
            ".ci/*",
        ],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    calls, unread = {}, []
    for path in listed.stdout.splitlines():
        if not (root / path).is_file():
            continue
        try:
            calls[path] = calls_of(path, (root / path).read_text(), known)
        except ValueError as wrong:
            unread.append(f"{path}: {wrong}")
    return calls, unread


def check() -> list[str]:
    """Return what is wrong in this repository."""
    known = table()
    calls, unread = all_calls(ROOT, known)
    return unread + complaints(calls, known, BOOTSTRAP.read_text())
