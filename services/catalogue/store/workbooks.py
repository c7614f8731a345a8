"""Workbooks that administrators send."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.chassis import db, wire

Row = dict[str, Any]


class Workbooks(db.Store):
    """Workbooks, their parts, and how far they are."""

    def add_workbook(self, workbook: Mapping[str, Any]) -> None:
        """Note a workbook that is about to be sent."""
        self.run("add_workbook", **workbook)

    def workbook(self, hall: str, id_: str) -> Row | None:
        """Return a workbook with all that is told of it."""
        return self.row("workbook", hall=hall, id=id_)

    def lock_workbook(self, hall: str, id_: str) -> Row | None:
        """Return a workbook's state, size and parts, held until the transaction ends."""
        return self.row("lock_workbook", hall=hall, id=id_)

    def add_workbook_part(self, hall: str, id_: str, part: int, content: bytes) -> None:
        """Keep a part of a workbook."""
        self.run("add_workbook_part", hall=hall, id=id_, part=part, content=content)

    def count_workbook_parts(self, hall: str, id_: str) -> tuple[int, int]:
        """Return how many parts of a workbook are here, and how many bytes."""
        row = self.row("count_workbook_parts", hall=hall, id=id_) or {}
        return row["parts"], int(row["size"])

    def workbook_content(self, hall: str, id_: str) -> bytes:
        """Return a workbook as it was sent."""
        return bytes(self.value("workbook_content", hall=hall, id=id_) or b"")

    def check_workbook(self, hall: str, id_: str, parts: int) -> None:
        """Have a workbook checked whose parts are all here."""
        self.run("check_workbook", hall=hall, id=id_, parts=parts)

    def workbooks_to_do(self) -> list[Row]:
        """Return the workbooks that are to be checked or applied."""
        return self.rows("workbooks_to_do")

    def hold_workbook(self, id_: str) -> bool:
        """Hold a workbook as long as this connection lasts; False when another does."""
        return bool(self.value("hold_workbook", id=id_))

    def begin_workbook(self, hall: str, id_: str) -> int | None:
        """Note that a workbook is worked on; returns how often that was, None when it is to be no more."""
        found: int | None = self.value("begin_workbook", hall=hall, id=id_)
        return found

    def workbook_is_sound(
        self, hall: str, id_: str, *, tables: Row, changes: Row, effects: Sequence[Row]
    ) -> None:
        """Keep what a workbook says, changes and touches."""
        told = {"tables": tables, "changes": changes, "effects": effects}
        self.run(
            "workbook_is_sound", hall=hall, id=id_, **{name: wire.dumps(each) for name, each in told.items()}
        )
        self.run("drop_workbook_parts", hall=hall, id=id_)

    def workbook_is_faulty(self, hall: str, id_: str, *, faults: Sequence[Row], at: datetime) -> None:
        """Keep what is wrong with a workbook."""
        self.run("workbook_is_faulty", hall=hall, id=id_, faults=wire.dumps(faults), at=at)
        self.run("drop_workbook_parts", hall=hall, id=id_)

    def apply_workbook(self, hall: str, id_: str, *, by: str | None) -> bool:
        """Have a workbook applied; False when it is not checked, or another one is being applied."""
        return self.row("apply_workbook", hall=hall, id=id_, by=by) is not None

    def workbook_to_apply(self, hall: str, id_: str) -> Row | None:
        """Return what a workbook says that is being applied, what it changed when it was looked at, and its steps."""
        return self.row("workbook_to_apply", hall=hall, id=id_)

    def show_workbook_again(self, hall: str, id_: str, *, changes: Row, effects: Sequence[Row]) -> None:
        """Have somebody look again at a workbook, of which nothing was sent yet: the hall has changed."""
        told = {"changes": wire.dumps(changes), "effects": wire.dumps(effects)}
        self.run("show_workbook_again", hall=hall, id=id_, **told)

    def workbook_step(self, hall: str, id_: str, step: str) -> None:
        """Note that a step of applying a workbook is done."""
        self.run("workbook_step", hall=hall, id=id_, step=step)

    def end_workbook(
        self, hall: str, id_: str, state: str, *, of: Sequence[str], at: datetime, failure: str | None = None
    ) -> bool:
        """Note how a workbook ended; False when it is in none of the states `of`."""
        row = self.row("end_workbook", hall=hall, id=id_, state=state, of=list(of), at=at, failure=failure)
        self.run("drop_workbook_parts", hall=hall, id=id_)
        return row is not None

    def lapse_workbooks(self, *, before: datetime, at: datetime) -> None:
        """Call off what was sent before a moment and never applied, and forget files of what has ended."""
        self.run("lapse_workbooks", before=before, at=at)
        self.run("drop_ended_parts")
