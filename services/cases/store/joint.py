"""Joint cases with their steps and materials, and the procedures they follow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import uuid4

from services.cases.domain.joint import (
    Commitment,
    JointCase,
    Material,
    PlannedMaterial,
    PlannedStep,
    Procedure,
    Step,
)
from services.chassis import db, wire

_LISTS = ("steps", "materials")
_STEP = ("step", "item", "department", "state", "case", "version")


@dataclass(frozen=True, kw_only=True)
class StepInterval:
    """A stay of a step in a state; `left_at` is None in the state it is in now."""

    number: str
    step: str
    state: str
    entered_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Urging:
    """What was written to the department of a step."""

    number: str
    step: str
    text: str
    urged_at: datetime
    urged_by: str | None


class Joint(db.Store):
    """Joint approval."""

    def takes_part(self, hall: str, number: str, department: str) -> bool:
        """Tell whether a department leads a joint case or has a step in it."""
        return bool(self.value("takes_part", hall=hall, number=number, department=department))

    def keep_procedure(self, procedure: Procedure, *, replaces: bool) -> bool:
        """Store a procedure; False when there is one of its code, which it does not replace."""
        row = asdict(procedure)
        lists = {name: wire.dumps(row[name]) for name in _LISTS}
        return self.changed("keep_procedure", **{**row, **lists, "replaces": replaces}) > 0

    def withdraw_procedure(self, procedure: Procedure) -> None:
        """Let no more projects begin under a procedure."""
        self.run("withdraw_procedure", hall=procedure.hall, code=procedure.code)

    def procedures(self, hall: str) -> list[Procedure]:
        """Return the procedures of the hall, by code."""
        return [_procedure_of(row) for row in self.rows("procedures", hall=hall, code=None)]

    def procedure(self, hall: str, code: str) -> Procedure | None:
        """Return a procedure, None when there is none of this code."""
        found = self.row("procedures", hall=hall, code=code)
        return _procedure_of(found) if found else None

    def next_joint_serial(self, hall: str, year: int) -> int:
        """Take the next number of a year."""
        return int(self.value("next_joint_serial", hall=hall, year=year))

    def add_joint_case(self, joint: JointCase, *, year: int, serial: int) -> None:
        """Store a new joint case under a number that `next_joint_serial` gave."""
        common = {"hall": joint.hall, "number": joint.number}
        self.run("add_joint_case", **_plain(joint), year=year, serial=serial)
        steps = [{**_row(each), **common, "ordinal": nth} for nth, each in enumerate(joint.steps)]
        materials = [{**_row(each), **common, "ordinal": nth} for nth, each in enumerate(joint.materials)]
        self.run_many("add_step", steps)
        self.run_many("add_material", materials)
        self._enter(joint, joint.steps, at=joint.opened_at, by=joint.opened_by)

    def save_joint_case(self, before: JointCase, after: JointCase, *, at: datetime, by: str | None) -> None:
        """Store what a command changed of a joint case, with the states its steps entered at a moment.

        Args:
            before: as it was read.
            after: as it is now.
            at: when.
            by: username of who did it.
        """
        common = {"hall": after.hall, "number": after.number}
        self.run("save_joint_case", **_plain(after))
        was = {each.step: each for each in before.steps}
        changed = [each for each in after.steps if each != was[each.step]]
        self.run_many("save_step", [{**_row(each), **common} for each in changed])
        moved = [each for each in changed if each.state != was[each.step].state]
        self.run_many("leave_step_state", [{**common, "step": each.step, "at": at} for each in moved])
        self._enter(after, moved, at=at, by=by)
        taken = [each for each in after.materials if each not in before.materials]
        self.run_many("save_material", [{**_row(each), **common} for each in taken])

    def _enter(self, joint: JointCase, steps: Sequence[Step], *, at: datetime, by: str | None) -> None:
        common = {"hall": joint.hall, "number": joint.number, "entered_at": at, "clerk": by}
        self.run_many("enter_step_state", [{**_row(each), **common} for each in steps])

    def joint_case(self, hall: str, number: str) -> JointCase | None:
        """Return a joint case, None when there is none of this number."""
        row = self.row("joint_case", hall=hall, number=number)
        return self._whole(hall, [row])[0] if row else None

    def joint_case_to_change(self, hall: str, number: str) -> JointCase | None:
        """Return a joint case and keep others from changing it until the transaction ends."""
        row = self.row("joint_case_to_change", hall=hall, number=number)
        return self._whole(hall, [row])[0] if row else None

    def joint_cases(
        self,
        hall: str,
        *,
        state: str | None,
        department: str | None,
        before: tuple[int, int] | None,
        limit: int,
    ) -> list[JointCase]:
        """Return joint cases in a state that a department has to do with, the newest first.

        Args:
            hall: the hall.
            state: their state, None for all.
            department: which leads them or has a step in them, None for all.
            before: year and serial of the one before the first, None to begin with the newest.
            limit: most of them.
        """
        year, serial = before or (None, None)
        about = {"hall": hall, "state": state, "department": department, "limit": limit}
        return self._whole(hall, self.rows("joint_cases", **about, year=year, serial=serial))

    def _whole(self, hall: str, rows: Sequence[Mapping[str, Any]]) -> list[JointCase]:
        numbers = [row["number"] for row in rows]
        steps, materials = defaultdict(list), defaultdict(list)
        for row in self.rows("joint_steps", hall=hall, numbers=numbers) if numbers else ():
            steps[row["number"]].append(_step_of(row))
        for row in self.rows("joint_materials", hall=hall, numbers=numbers) if numbers else ():
            materials[row["number"]].append(_material_of(row))
        return [
            JointCase(**row, steps=tuple(steps[row["number"]]), materials=tuple(materials[row["number"]]))
            for row in rows
        ]

    def step_states(self, hall: str, numbers: Sequence[str]) -> dict[tuple[str, str], list[StepInterval]]:
        """Return the stays of the steps of joint cases by number and step, the first first."""
        stays = defaultdict(list)
        for row in self.rows("step_states", hall=hall, numbers=list(numbers)):
            stays[row["number"], row["step"]].append(StepInterval(**row))
        return stays

    def add_urging(self, joint: JointCase, step: Step, *, text: str, at: datetime, by: str | None) -> None:
        """Store what was written to the department of a step."""
        self.run(
            "add_urging",
            hall=joint.hall,
            id=uuid4(),
            number=joint.number,
            step=step.step,
            text=text,
            urged_at=at,
            urged_by=by,
        )

    def urgings(self, hall: str, numbers: Sequence[str]) -> dict[tuple[str, str], list[Urging]]:
        """Return what was written to the departments of joint cases by number and step, the first first."""
        written = defaultdict(list)
        for row in self.rows("urgings", hall=hall, numbers=list(numbers)):
            written[row["number"], row["step"]].append(Urging(**row))
        return written


def _procedure_of(row: Mapping[str, Any]) -> Procedure:
    steps = tuple(PlannedStep(**{**each, "after": tuple(each["after"])}) for each in row["steps"])
    materials = tuple(
        PlannedMaterial(**{**each, "needed_by": tuple(each["needed_by"])}) for each in row["materials"]
    )
    return Procedure(**{**row, "steps": steps, "materials": materials})


def _step_of(row: Mapping[str, Any]) -> Step:
    commitment = row["commitment"] and Commitment(
        text=row["commitment"],
        fulfil_by=row["fulfil_by"],
        made_at=row["committed_at"],
        made_by=row["committed_by"],
    )
    return Step(**{name: row[name] for name in _STEP}, after=tuple(row["after"]), commitment=commitment)


def _material_of(row: Mapping[str, Any]) -> Material:
    plain = {field.name: row[field.name] for field in fields(Material)}
    return Material(**{**plain, "needed_by": tuple(row["needed_by"])})


def _plain(joint: JointCase) -> dict[str, Any]:
    return {name: value for name, value in vars(joint).items() if name not in _LISTS}


def _row(one: Step | Material) -> dict[str, Any]:
    row = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(one).items()}
    if isinstance(one, Step):
        word = one.commitment
        row |= {
            "commitment": word and word.text,
            "fulfil_by": word and word.fulfil_by,
            "committed_at": word and word.made_at,
            "committed_by": word and word.made_by,
        }
    return row
