"""The hall's tables as one workbook: fetched, sent, looked at and applied by an administrator."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request

from gateway.api.routing import Routes
from gateway.api.uploads import PART, form_of, hand_over, measured, name_of, sent_file
from gateway.http.asking import ask, ask_patiently
from gateway.http.problems import Problem
from gateway.schemas.workbook import WorkbookJob, WorkbookQuery

ADMIN = ("admin",)
MOST_PARTS = 24
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Who is asked for what of the hall as it is.
QUESTIONS = {
    "catalogue": ("catalogue", "hall_tables"),
    "clerks": ("identity", "list_clerks"),
    "plans": ("appointments", "list_slot_plans"),
    "crews": ("dispatch", "list_crews"),
    "rules": ("quality", "list_assessment_rules"),
    "procedures": ("cases", "list_joint_procedures"),
}
DRY_RUN = {
    "type": "string",
    "enum": ["0", "1"],
    "description": "1: it is checked and compared, and applied only by `POST /workbook/{id}/apply`.",
}
UPLOAD = form_of("An XLSX workbook like that of `GET /workbook?template=1`, at most 16 MiB.", dry_run=DRY_RUN)
FILE = {"responses": {"200": {"description": "The workbook.", "content": {XLSX: {}}}}}

routes = Routes("workbook", __name__, description="The hall's tables as one workbook.")


@routes.question("/workbook", None, query=WorkbookQuery, roles=ADMIN, extra_doc=FILE)
def get_hall_workbook(query: Mapping[str, Any]) -> Response:
    """The hall as it is as a workbook, or a template to fill in: with lists, notes and an example of each row."""
    template = query.get("template") == "1"
    told = None if template else {name: ask(*asked) for name, asked in QUESTIONS.items()}
    made = ask_patiently("catalogue", "write_workbook", told=told)
    name = "hall-template.xlsx" if template else "hall.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(b64decode(made["content"]), content_type=XLSX, headers=headers)


@routes.command(
    "/workbook",
    WorkbookJob,
    roles=ADMIN,
    status=202,
    problems=(409,),
    upload=MOST_PARTS * PART,
    extra_doc=UPLOAD,
)
def send_workbook() -> Any:
    """Have a workbook checked and compared with the hall as it is, and unless it is a dry run applied.

    Nothing is loaded while anything is wrong with it.
    """
    file = sent_file(MOST_PARTS * PART)
    dry_run = request.form.get("dry_run", "0")
    if dry_run not in ("0", "1"):
        raise Problem(422, errors={"dry_run": ["0 or 1."]})
    digest, size = measured(file.stream)
    told = {"file_name": name_of(file, otherwise="hall.xlsx"), "digest": digest, "size": size}
    begun = ask("catalogue", "begin_workbook", **told, dry_run=dry_run == "1")
    replayed = g.replayed
    job = ask("catalogue", "get_workbook", id=begun["id"]) if replayed else begun
    if job["state"] == "uploading":
        hand_over(file.stream, begun["id"], "catalogue", part="add_workbook_part", end="queue_workbook")
    return _job(begun["id"], replayed=replayed)


@routes.question("/workbook/<uuid4:id>", WorkbookJob, roles=ADMIN)
def get_workbook(id: str) -> Any:
    """A workbook: its faults, or what it changes and whom that touches, and how far it is applied."""
    return ask("catalogue", "get_workbook", id=id)


@routes.command("/workbook/<uuid4:id>/apply", WorkbookJob, roles=ADMIN, status=202)
def apply_workbook(id: str) -> Any:
    """Have a workbook applied that was checked and found sound."""
    ask("catalogue", "apply_workbook", id=id)
    return _job(id, replayed=g.replayed)


@routes.command("/workbook/<uuid4:id>/cancel", WorkbookJob, roles=ADMIN)
def cancel_workbook(id: str) -> Any:
    """Call a workbook off before it is applied."""
    ask("catalogue", "cancel_workbook", id=id)
    return _job(id, replayed=g.replayed)


def _job(id_: str, *, replayed: bool) -> Any:
    """Return a workbook as it is after a command, which was `replayed` or not."""
    found = ask("catalogue", "get_workbook", id=id_)
    g.replayed = replayed
    return found
