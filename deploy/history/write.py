"""The three files of a history: cases.csv.gz, overtime.csv, commendations.csv."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from deploy.hall.hours import Timetable
from deploy.history import figures, others
from deploy.history.cases import COLUMNS, Items, Rows
from deploy.history.plan import Day, plan
from services.catalogue.tables.hall import Hall, read_hall

CASES, OVERTIME, COMMENDATIONS = "cases.csv.gz", "overtime.csv", "commendations.csv"
_LEVEL = 4

Say = Callable[[int], object]


def history_of(reference: Path, *, years: range, seed: int) -> "History":
    """Plan the history of a hall.

    Args:
        reference: the folder of its tables.
        years: which years of it are wanted.
        seed: another one gives other rows, but the same sums.

    Raises:
        ValueError: the years are not within those the report tells of.
    """
    told = range(figures.OPENED.year, figures.ENDS.year + 1)
    if not years or years[0] not in told or years[-1] not in told:
        raise ValueError(f"the history goes from {told[0]} to {told[-1]}, give years within it")
    return History(read_hall(reference), Timetable(reference), years=years, seed=seed)


class History:
    """The years of a hall that are wanted, and the rows they have. Each year has the same whichever are wanted."""

    def __init__(self, hall: Hall, timetable: Timetable, *, years: range, seed: int) -> None:
        """Plan the days."""
        self._hall, self._timetable, self._years, self._seed = hall, timetable, years, seed
        self.days: list[Day] = [day for day in plan(timetable, seed=seed) if day.date.year in years]

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(day.cases for day in self.days)

    def write(self, folder: Path, *, advance: Say) -> None:
        """Write the files into a folder, which is made; `advance` is told how many cases were written each time.

        A file appears under its name when it is complete.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with _appearing(folder / CASES) as raw, _zipped(raw) as file:
            self._write_cases(file, advance)
        self._write_table(folder / OVERTIME, others.OVERTIME_COLUMNS, self._overtime())
        self._write_table(folder / COMMENDATIONS, others.COMMENDATION_COLUMNS, self._commendations())

    def _write_cases(self, file: gzip.GzipFile, advance: Say) -> None:
        items = Items(self._hall.items, self._hall.departments, seed=self._seed)
        rows = Rows(self._timetable, items, seed=self._seed)
        file.write((",".join(COLUMNS) + "\n").encode())
        year, serial = 0, 1
        for day in self.days:
            if day.date.year != year:
                year, serial = day.date.year, 1
            file.write("".join(rows.of(day, first=serial)).encode())
            serial += day.cases
            advance(day.cases)

    def _overtime(self) -> Iterable[others.Row]:
        if figures.REPORT_YEAR not in self._years:
            return ()
        return others.overtime(self.days, self._hall.clerks, self._hall.departments, seed=self._seed)

    def _commendations(self) -> Iterable[others.Row]:
        rows = others.commendations(self._hall.departments, seed=self._seed)
        return (row for row in rows if int(str(row[3])[:4]) in self._years)

    def _write_table(self, path: Path, columns: Sequence[str], rows: Iterable[others.Row]) -> None:
        with _appearing(path) as file:
            text = (",".join(map(str, row)) for row in (columns, *rows))
            file.write(("\n".join(text) + "\n").encode())


@contextmanager
def _appearing(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        yield file
    part.replace(path)


def _zipped(raw: IO[bytes]) -> gzip.GzipFile:
    # Without name and time in its head the same history is the same file.
    return gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=_LEVEL, mtime=0)
