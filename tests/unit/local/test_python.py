"""Which Python a hall is made with."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from deploy.local import doctor
from deploy.local.layout import ROOT, Layout

# Each answers the questions of bootstrap.sh by what it is said to be.
STAND_IN = """#!/bin/sh
case "$2" in
    *CONFIG_ARGS*) exit {plain} ;;
    *ensurepip*) exit {bare} ;;
    *) exit 0 ;;
esac
"""


def a_python(folder: Path, name: str, *, optimised: bool, environments: bool = True) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(STAND_IN.format(plain=int(not optimised), bare=int(not environments)))
    path.chmod(0o755)
    return str(path)


def chosen(path: str) -> str:
    """Return what bootstrap.sh finds on a PATH."""
    functions = (ROOT / "deploy/local/bootstrap.sh").read_text().partition("\nhas_postgres()")[0]
    functions = functions.partition("\npython_is_new_enough()")[2].replace("/usr/bin/python3", "")
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", f"python_is_new_enough(){functions}\nfind_python"],
        env={"PATH": path}, stdout=subprocess.PIPE, text=True, check=True,
    ).stdout.strip()  # fmt: skip


def test_a_python_that_was_built_with_optimisation_is_preferred(tmp_path: Path) -> None:
    a_python(tmp_path / "manager", "python3", optimised=False)
    debians = a_python(tmp_path / "debian", "python3.11", optimised=True)

    assert chosen(f"{tmp_path}/manager:{tmp_path}/debian") == debians


def test_one_without_is_taken_where_the_other_makes_no_environments(tmp_path: Path) -> None:
    managers = a_python(tmp_path / "manager", "python3", optimised=False)
    a_python(tmp_path / "debian", "python3.11", optimised=True, environments=False)

    assert chosen(f"{tmp_path}/manager:{tmp_path}/debian") == managers


@pytest.mark.parametrize(("arguments", "said"), [("'--enable-optimizations'", "with"), ("''", "without")])
def test_the_doctor_says_which_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: str, said: str
) -> None:
    monkeypatch.setattr(sys, "base_prefix", "/opt/python")
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _: arguments)

    [finding] = [each for each in doctor.examine(Layout(tmp_path)) if each.what.startswith("Python 3")]

    assert f"built {said} optimisation" in finding.what
    assert finding.fine is (said == "with")
    assert not finding.serious
