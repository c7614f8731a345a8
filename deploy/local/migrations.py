"""Brings the databases and queues of all services up to date: `python -m deploy.local.migrations`, run by `hall up`.

Each service is migrated as in a container, by `services.chassis.migrate` in a process and environment of its own. The
processes are forks of this one, since each would take a second of processor time to load what migrates.
"""

import multiprocessing
import os

from deploy.local import launch, state
from deploy.local.layout import SERVICES, Layout, default_run_dir
from services.chassis import migrate


def _migrate(service: str, settings: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(settings)
    migrate.main([service])


def main() -> None:
    """Migrate all services at once; what fails is named at the end, the others are migrated all the same."""
    layout = Layout(default_run_dir())
    known = state.read(layout)
    if known is None:
        raise SystemExit("nothing was started here yet: make up")
    fork = multiprocessing.get_context("fork")
    running = {
        service: fork.Process(
            target=_migrate, args=(service, launch.migration_settings(service, known=known, layout=layout))
        )
        for service in SERVICES
    }
    for process in running.values():
        process.start()
    for process in running.values():
        process.join()
    if failed := [service for service, process in running.items() if process.exitcode != 0]:
        raise SystemExit(f"not migrated: {', '.join(failed)}")


if __name__ == "__main__":
    main()
