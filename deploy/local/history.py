"""`hall import` and `hall generate`: the past, made up or the hall's own, into the statistics of the running hall."""

import subprocess
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.local import launch, start, state, supervision
from deploy.local.layout import ROOT, Layout, default_run_dir

OWNER = "statistics"
# What each file of a history holds, by kind.
FILES = {"cases": "cases.csv.gz", "overtime": "overtime.csv", "commendations": "commendations.csv"}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_console = Console(highlight=False, soft_wrap=True)


@click.group("import")
def imports() -> None:
    """Take files of what happened before into the statistics of the running hall; can be run again."""


@imports.command()
@click.argument("file", type=_FILE)
def cases(file: Path) -> None:
    """Take in cases: number, item, accepted_at, due_on, decided_at, origin; FILE is CSV or CSV by gzip."""
    raise SystemExit(_import("cases", file))


@imports.command()
@click.argument("file", type=_FILE)
def overtime(file: Path) -> None:
    """Take in overtime: id, department, staff, date, minutes."""
    raise SystemExit(_import("overtime", file))


@imports.command()
@click.argument("file", type=_FILE)
def commendations(file: Path) -> None:
    """Take in letters, banners and plaques: id, department, kind, received_on, note."""
    raise SystemExit(_import("commendations", file))


@imports.command()
@click.argument("folder", type=_FOLDER)
def history(folder: Path) -> None:
    """Take in the three files of a FOLDER as `hall generate history` writes them."""
    missing = [name for name in FILES.values() if not (folder / name).is_file()]
    if missing:
        raise click.ClickException(f"{folder} has no {', '.join(missing)}")
    raise SystemExit(max(_import(kind, folder / name) for kind, name in FILES.items()))


@click.group()
def generate() -> None:
    """Make data for trying the hall out."""


@generate.command("history")
@click.option("--years", default="2004-2011", show_default=True, help="The first and the last.")
@click.option("--seed", default=1, show_default=True, help="Another one gives other rows and the same sums.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("history"), show_default=True
)
def generate_history(years: str, seed: int, out: Path) -> None:
    """Write years of the reference hall whose sums are those of its annual report."""
    # Only here: it needs numpy, which no other command of the hall waits for.
    from deploy.history.write import history_of

    try:
        made = history_of(start.REFERENCE, years=_years(years), seed=seed)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--years") from wrong
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console) as progress:
        task = progress.add_task("cases", total=made.cases)
        made.write(out, advance=lambda count: progress.advance(task, count))
    _console.print(f"{made.cases:,} cases on {len(made.days):,} days: {out}", markup=False)


def _years(text: str) -> range:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise ValueError("give the first and the last year, as in 2004-2011")
    return range(int(first), int(last or first) + 1)


def _import(kind: str, file: Path) -> int:
    """Run statistics' own program on a file and return its exit code."""
    layout = Layout(default_run_dir())
    known = state.read(layout)
    if known is None or supervision.pid(layout) is None:
        raise click.ClickException("the hall is not running: make up")
    settings = launch.settings_of(OWNER, known=known, layout=layout)
    # Eventlet announces its own retirement on import.
    program = [sys.executable, "-W", "ignore", "-m", "services.statistics.importing"]
    return subprocess.run(
        [*program, kind, str(file.resolve())], env=settings, cwd=ROOT, check=False
    ).returncode
