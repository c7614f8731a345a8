"""Files of what happened before the hall ran on this system, sent by an analyst."""

from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize

from flask import Response, g, stream_with_context

from gateway.api.routing import ANALYSTS, Routes
from gateway.api.uploads import FORMULA, PART, form_of, hand_over, measured, name_of, sent_file
from gateway.http.asking import ask
from gateway.schemas.imports import Import, ImportList, ImportWithRefused, Page

LARGEST_UPLOAD = 2048 * PART
LINES_AT_ONCE = 1000
UPLOAD = form_of(
    "CSV in UTF-8, compressed by gzip or not, at most 1.4 GB. Its first line names the columns number, item, "
    "accepted_at, due_on, decided_at, origin in any order, and outcome (granted, refused or empty) where that is known."
)

routes = Routes("imports", __name__, description="Cases from before, as a file.")


@routes.command(
    "/imports/cases", Import, roles=("analyst",), status=202, problems=(409,), upload=LARGEST_UPLOAD,
    extra_doc=UPLOAD,
)  # fmt: skip
def import_cases() -> Any:
    """Have a file of cases taken in; how far it is, and what was refused, is told by its import."""
    file = sent_file(LARGEST_UPLOAD)
    digest, size = measured(file.stream)
    begun = ask(
        "statistics", "begin_import",
        kind="cases", file_name=name_of(file, otherwise="cases.csv"), digest=digest, size=size,
    )  # fmt: skip
    replayed = g.replayed
    if replayed:
        begun = ask("statistics", "get_import", id=begun["id"])
    if not begun["uploaded"] and begun["state"] == "queued":
        begun = hand_over(file.stream, begun["id"], "statistics", part="add_import_part", end="queue_import")
    g.replayed = replayed
    begun.pop("refused", None)
    return begun


@routes.question("/imports", ImportList, query=Page, roles=ANALYSTS)
def list_imports(query: Mapping[str, Any]) -> Any:
    """The imports, the newest first."""
    return ask("statistics", "list_imports", **query)


@routes.question("/imports/<uuid4:id>", ImportWithRefused, roles=ANALYSTS)
def get_import(id: str) -> Any:
    """An import: its state, how far it is, and the lines it refused."""
    return ask("statistics", "get_import", id=id)


@routes.command("/imports/<uuid4:id>/cancel", Import, roles=("analyst",))
def cancel_import(id: str) -> Any:
    """Call an import off: it takes in no more. What was taken before stays."""
    return ask("statistics", "cancel_import", id=id)


@routes.command("/imports/<uuid4:id>/take-back", Import, roles=("analyst",), problems=(409,), status=202)
def take_back_import(id: str) -> Any:
    """Have all that an import brought taken away, but what events told of; `taken_back_at` says when it is done."""
    return ask("statistics", "take_back_import", id=id)


@routes.question(
    "/imports/<uuid4:id>/refused",
    None,
    roles=ANALYSTS,
    extra_doc={"responses": {"200": {"description": "CSV: line, reason, key.", "content": {"text/csv": {}}}}},
)
def get_refused(id: str) -> Response:
    """All lines an import refused, as a file."""
    return Response(
        stream_with_context(_csv_lines(id, _page(id, 0))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="refused-{id}.csv"'},
    )


def _csv_lines(id_: str, page: list[dict[str, Any]]) -> Iterator[str]:
    yield "line,reason,key\r\n"
    while page:
        yield "".join(_csv(row) for row in page)
        page = _page(id_, page[-1]["line"]) if len(page) == LINES_AT_ONCE else []


def _page(id_: str, after: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask("statistics", "list_refused", id=id_, after=after, limit=LINES_AT_ONCE)
    return found


def _csv(row: Mapping[str, Any]) -> str:
    key = str(row["key"] or "")
    shown = f"'{key}" if normalize("NFKC", key).lstrip().startswith(FORMULA) else key
    return f'{row["line"]},{row["reason"]},"{shown.replace(chr(34), chr(34) * 2)}"\r\n'
