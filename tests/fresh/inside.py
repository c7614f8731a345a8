"""The first process of a bare machine: `python -m tests.fresh.inside ROOT`, in namespaces of its own.

It makes ROOT the root of its mounts, then runs one command after the other: a line of JSON on standard input is a
command, a line on the descriptor `REPLIES` its exit code. When its input ends, because whoever gave the commands is
done or was killed, it ends, and the kernel ends with it every process and mount of the machine.
"""

import ctypes
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

REPLIES = 3
_DEVICES = {
    "null": (1, 3),
    "zero": (1, 5),
    "full": (1, 7),
    "random": (1, 8),
    "urandom": (1, 9),
    "tty": (5, 0),
}
_DETACH = 2


def _mount(kind: str, folder: Path, options: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", kind, "-o", options, kind, str(folder)], check=True)


def _make_devices(folder: Path) -> None:
    """Make devices of its own: nothing of the outer /dev is bound, so nothing in it can be removed by mistake."""
    _mount("tmpfs", folder, "mode=755,nosuid")
    for name, number in _DEVICES.items():
        os.mknod(folder / name, stat.S_IFCHR | 0o666, os.makedev(*number))
        (folder / name).chmod(0o666)
    _mount("devpts", folder / "pts", "newinstance,ptmxmode=0666,mode=620,gid=5")
    _mount("tmpfs", folder / "shm", "mode=1777,nosuid,nodev")
    links = {"ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
    for name, target in links.items():
        (folder / name).symlink_to(target)


def _take_root(root: Path) -> None:
    """Make the folder the root of these mounts and let go of the old one.

    Not by chroot: in one, no user namespace can be made, and browsers and tests make some.
    """
    subprocess.run(["mount", "--bind", root, root], check=True)
    _mount("proc", root / "proc", "nosuid,nodev,noexec")
    _mount("sysfs", root / "sys", "ro,nosuid,nodev,noexec")
    _mount("tmpfs", root / "run", "mode=755,nosuid,nodev")
    _make_devices(root / "dev")
    old = root / "old"
    old.mkdir()
    os.chdir(root)
    subprocess.run(["pivot_root", ".", "old"], check=True)
    os.chdir("/")
    if ctypes.CDLL(None, use_errno=True).umount2(b"/old", _DETACH) != 0:
        raise OSError(ctypes.get_errno(), "the old root cannot be let go of")
    Path("/old").rmdir()


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command to its end, and bury every orphan meanwhile: nobody else does for a first process."""
    child = subprocess.Popen(
        command, env=environment, cwd="/", stdin=subprocess.DEVNULL, start_new_session=True
    )
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode


def _listen(commands: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        commands.put(line)
    os._exit(0)


def main() -> None:
    """Become the machine's first process."""
    # Whoever started this in a background may have had it ignored; at a login it is not.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _take_root(Path(sys.argv[1]))
    commands: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(commands,), daemon=True).start()
    with os.fdopen(REPLIES, "w") as replies:
        while True:
            asked = json.loads(commands.get())
            replies.write(f"{_run(asked['command'], asked['environment'])}\n")
            replies.flush()


if __name__ == "__main__":
    main()
