"""A throw-away server ends with its owner, and takes everything with it."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from deploy.local import processes
from deploy.local.layout import ROOT
from tests.waiting import DEADLINE_S


def shared_memory_of(pid: int) -> set[Path]:
    """Return the files in /dev/shm that a process has mapped."""
    maps = psutil.Process(pid).memory_maps()
    return {Path(each.path) for each in maps if each.path.startswith("/dev/shm/")}


@pytest.mark.parametrize("end", ["close", "kill"])
def test_postgresql_ends_with_its_owner_and_leaves_no_folder_and_no_shared_memory(end):
    owner = subprocess.Popen(
        # An owner of its own, which can be killed; it passes on where the server is.
        [sys.executable, "-c", OWNER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with owner:
        told = json.loads(owner.stdout.readline())
        keeper = psutil.Process(told["pid"]).parent()
        shared = shared_memory_of(told["pid"])
        assert shared
        if end == "kill":
            owner.kill()
        owner.stdin.close()
        keeper.wait(timeout=DEADLINE_S)

    assert processes.marked(told["mark"]) == []
    assert not Path(told["folder"]).exists()
    assert not [path for path in shared if path.exists()]


OWNER = """
import subprocess, sys
keeper = subprocess.Popen(
    [sys.executable, "-m", "deploy.local.keeper", "postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
)
sys.stdout.buffer.write(keeper.stdout.readline())
sys.stdout.flush()
sys.stdin.read()
"""
