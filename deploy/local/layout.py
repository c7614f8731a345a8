"""Where a local start keeps what it makes, and which processes it consists of."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = (
    "identity",
    "catalogue",
    "ticketing",
    "cases",
    "statistics",
    "quality",
    "notifications",
    "appointments",
    "dispatch",
)
SERVERS = ("postgres", "rabbitmq")
GATEWAY = "gateway"
# Plans the days of dispatch, on its database.
PLANNER = "planner"
# Does what takes statistics long, on its database.
ANALYST = "analyst"
# Linux refuses longer paths of Unix sockets.
_LONGEST_SOCKET = 100


def default_run_dir() -> Path:
    """Return the folder of this start: `HALL_RUN_DIR`, else `.run` in the clone."""
    return Path(os.environ.get("HALL_RUN_DIR") or ROOT / ".run").resolve()


@dataclass(frozen=True)
class Layout:
    """The paths of one local start below its folder."""

    run_dir: Path

    @property
    def state(self) -> Path:
        return self.run_dir / "state.json"

    @property
    def lock(self) -> Path:
        return self.run_dir / "lock"

    @property
    def logs(self) -> Path:
        return self.run_dir / "log"

    @property
    def postgres(self) -> Path:
        return self.run_dir / "postgres"

    @property
    def rabbitmq(self) -> Path:
        return self.run_dir / "rabbitmq"

    @property
    def supervisor_config(self) -> Path:
        return self.run_dir / "supervisord.conf"

    @property
    def supervisor_pid(self) -> Path:
        return self.run_dir / "supervisord.pid"

    @property
    def supervisor_log(self) -> Path:
        return self.logs / "supervisord.log"

    @property
    def supervisor_socket(self) -> Path:
        """The supervisor's control socket; in a short path of our own when the clone lies deep."""
        near = self.run_dir / "supervisor.sock"
        if len(str(near)) <= _LONGEST_SOCKET:
            return near
        return Path(f"/tmp/hallflow-{os.getuid()}-{self.digest}/supervisor.sock")  # noqa: S108 - made with mode 0700

    @property
    def digest(self) -> str:
        """A short name for this folder, different for each."""
        return hashlib.sha256(str(self.run_dir).encode()).hexdigest()[:10]

    def log_of(self, program: str) -> Path:
        return self.logs / f"{program}.log"
