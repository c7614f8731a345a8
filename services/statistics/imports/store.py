"""Files that are taken in: their state, their parts, and the chunk at hand."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.chassis import db
from services.chassis.wording import names_a_person
from services.statistics.imports.domain.imports import Import, Tally

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The queries of one kind of file: those that take in a chunk, in their order, and the one that takes all back."""

    stage: str
    judge: str
    # Beside `spot_repeated`.
    before: tuple[str, ...]
    take: str
    compare: str
    # Notes what of its rows other imports brought, so that these can be taken back.
    claim: str
    take_back: str
    # What is left to do of the sums when rows went.
    afterwards: tuple[str, ...] = ()
    # The rows that were taken, where another service keeps them.
    told: str | None = None
    # The free text of its rows.
    words: str | None = None


STEPS: Mapping[str, Steps] = {
    "cases": Steps(
        stage="stage_cases",
        judge="judge_cases",
        before=("open_months_of_cases", "spot_known_cases", "take_case_numbers"),
        take="take_cases",
        compare="compare_cases",
        claim="claim_cases",
        take_back="take_back_cases",
        afterwards=("drop_empty_volumes",),
    ),
    "overtime": Steps(
        stage="stage_overtime",
        judge="judge_overtime",
        before=("wait_for_turn", "spot_known_overtime"),
        take="take_overtime",
        compare="compare_overtime",
        claim="claim_overtime",
        take_back="take_back_overtime",
        words="words_of_overtime",
    ),
    "commendations": Steps(
        stage="stage_commendations",
        judge="judge_commendations",
        before=("wait_for_turn", "spot_known_commendations"),
        take="take_commendations",
        compare="compare_commendations",
        claim="claim_commendations",
        take_back="take_back_commendations",
        told="taken_commendations",
        words="words_of_commendations",
    ),
}


def _import(row: Row | None) -> Import | None:
    return Import(**{**row, "id": str(row["id"])}) if row else None


class Store(db.Store):
    """Imports, for the API and for those who work them off."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit what is done inside at once or not at all."""
        with self._connection.transaction():
            yield

    def add_import(self, work: Import) -> None:
        """Note a file that is to be taken in."""
        self.run("add_import", **vars(work))

    def find_import(self, hall: str, id_: str) -> Import | None:
        """Return an import."""
        return _import(self.row("import", hall=hall, id=id_))

    def imports(self, hall: str, *, after: tuple[datetime, str] | None, limit: int) -> list[Import]:
        """Return imports, the newest first, behind one."""
        at, id_ = after or (None, None)
        rows = self.rows("imports", hall=hall, after_at=at, after_id=id_, limit=limit)
        return [found for found in map(_import, rows) if found]

    def refusals(self, hall: str, id_: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Return refused lines of an import, behind one."""
        return self.rows("refusals", hall=hall, id=id_, after=after, limit=limit)

    def add_part(self, hall: str, id_: str, part: int, content: bytes) -> bool:
        """Keep a part of a file, unless it is kept already; return whether it is new."""
        return bool(self.changed("add_part", hall=hall, id=id_, part=part, content=content))

    def count_parts(self, hall: str, id_: str) -> tuple[int, int]:
        """Return how many parts there are, and their bytes."""
        found = self.rows("count_parts", hall=hall, id=id_)[0]
        return found["parts"], int(found["bytes"])

    def complete_upload(self, hall: str, id_: str, parts: int) -> None:
        """Note that all parts are here."""
        self.run("complete_upload", hall=hall, id=id_, parts=parts)

    def part(self, hall: str, id_: str, part: int) -> bytes | None:
        """Return a part of a file; None when the file was forgotten."""
        found = self.value("part", hall=hall, id=id_, part=part)
        return None if found is None else bytes(found)

    def drop_parts(self, hall: str, id_: str) -> None:
        """Forget the parts of a file."""
        self.run("drop_parts", hall=hall, id=id_)

    def imports_to_do(self) -> list[Import]:
        """Return the uploaded files that wait or were left, the oldest first."""
        return [found for found in map(_import, self.rows("imports_to_do")) if found]

    def stale_uploads(self, *, before: datetime) -> list[Import]:
        """Return the uploads that stopped half way before a moment."""
        return [found for found in map(_import, self.rows("stale_uploads", before=before)) if found]

    def import_of_file(self, hall: str, kind: str, digest: str) -> Import | None:
        """Return the import of a file that a command began and did not end."""
        return _import(self.row("import_of_file", hall=hall, kind=kind, digest=digest))

    def is_importing(self, hall: str, *, left_since: datetime) -> bool:
        """Tell whether a file is being taken in or back, or waits to be.

        One that was begun by a command before `left_since` was left and does not count.
        """
        return bool(self.value("is_importing", hall=hall, left_since=left_since))

    def hold_import(self, id_: str) -> bool:
        """Hold an import as long as this connection lasts; False when another does."""
        return bool(self.value("hold_import", id=id_))

    def begin_import(self, hall: str, id_: str, *, at: datetime) -> Import | None:
        """Note that an import is worked on; None when it has ended."""
        return _import(self.row("begin_import", hall=hall, id=id_, at=at))

    def end_import(
        self, hall: str, id_: str, *, fault: str | None, at: datetime, found: str = ""
    ) -> Import | None:
        """Note how an import ended: done, or failed by a fault; in the transaction that outlasts a crash."""
        self.run("commit_for_good")
        state = "failed" if fault else "done"
        return _import(
            self.row("end_import", hall=hall, id=id_, state=state, fault=fault, found=found or None, at=at)
        )

    def ask_to_take_back(self, hall: str, id_: str, *, by: str | None, at: datetime) -> Import | None:
        """Note that an import is to be taken back; None when it has not ended, or was asked for before."""
        return _import(self.row("ask_to_take_back", hall=hall, id=id_, by=by, at=at))

    def imports_to_take_back(self) -> list[Import]:
        """Return the imports that are to be taken back."""
        return [found for found in map(_import, self.rows("imports_to_take_back")) if found]

    def take_back(self, work: Import, *, at: datetime) -> tuple[int, Sequence[str]]:
        """Take an import back, in the transaction that is open.

        Returns:
            How many rows went, and the keys of those that another service keeps.
        """
        steps = STEPS[work.kind]
        self.row("wait_for_turn")
        gone = self.rows(steps.take_back, hall=work.hall, id=work.id)[0]
        for step in steps.afterwards:
            self.run(step, hall=work.hall)
        self.run("note_taken_back", hall=work.hall, id=work.id, removed=gone["removed"], at=at)
        return int(gone["removed"]), gone["told"] or ()

    def prepare_session(self, *, zone: str) -> None:
        """Set this connection up for taking in files."""
        self.row("prepare_session", zone=zone)
        self.run("make_staged")
        self.run("make_judged")

    def take_chunk(self, work: Import, content: bytes, *, today: date) -> Tally:
        """Take in a chunk, in the transaction that is open: judge its lines, keep what is new, note what is refused.

        Args:
            work: the import.
            content: lines as `csv_lines` makes them.
            today: the hall's business date, after which nothing has happened yet.
        """
        steps = STEPS[work.kind]
        with self._connection.cursor() as cursor, cursor.copy(self._queries[steps.stage]) as copy:
            copy.write(content)
        rows = self.changed(steps.judge, hall=work.hall, today=today)
        self._refuse_words(steps)
        for step in ("spot_repeated", *steps.before):
            self.run(step, hall=work.hall, id=work.id)
        taken = self.changed(steps.take, hall=work.hall, id=work.id)
        if taken < rows:
            self.run(steps.compare, hall=work.hall)
            self.run(steps.claim, hall=work.hall, id=work.id)
        refused = self.changed("refuse_rows", hall=work.hall, id=work.id)
        return Tally(taken=taken, known=rows - taken - refused, refused=refused)

    def rows_to_tell(self, kind: str) -> list[dict[str, Any]]:
        """Return the rows of the chunk that were taken, where another service keeps them; else none."""
        told = STEPS[kind].told
        return [] if told is None else self.rows(told)

    def next_telling(self) -> int:
        """Return the number of what is told next of commendations of files."""
        return int(self.value("next_telling"))

    def _refuse_words(self, steps: Steps) -> None:
        if steps.words is None:
            return
        lines = [row["line"] for row in self.rows(steps.words) if names_a_person(row["words"])]
        if lines:
            self.run("refuse_words", lines=lines)

    def note_chunk(self, work: Import, tally: Tally, *, line: int, bytes_read: int) -> Import | None:
        """Note what became of a chunk, and return the import as it is now; None when it was called off."""
        return _import(
            self.row(
                "note_chunk",
                hall=work.hall,
                id=work.id,
                line=line,
                bytes_read=bytes_read,
                **vars(tally),
            )
        )
