"""Reports of the hall and of its departments, as JSON, workbook or document."""

import time
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, url_for

from gateway.api.paging import page_of, without_page
from gateway.api.routing import ANALYSTS, Routes, json_answer
from gateway.http.asking import ask
from gateway.schemas.reports import (
    KINDS,
    Document,
    Edition,
    EditionInput,
    EditionList,
    EditionQuery,
    Report,
    ReportQuery,
)

Fields = Mapping[str, Any]

# How long a request for a document waits for it before it is told where to look.
PATIENCE_S, LOOK_EVERY_S = 6.0, 0.3
IN_HAND = frozenset({"queued", "running"})
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
BINARY = {
    "content": {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()
    }
}
FILE = {"responses": {"200": {"description": "The document.", **BINARY}}}
FILES = {
    "responses": {
        # A number, as flask-smorest has it: so the JSON stays beside these.
        200: BINARY,
        202: {
            "description": "The document is being made; `Location` says where to look.",
            "content": {"application/json": {"schema": Document}},
        },
    }
}

routes = Routes("reports", __name__, description="Daily, monthly, quarterly and annual reports.")
kind_of_report = f"<any({','.join(KINDS)}):kind>"


@routes.question("/reports", EditionList, query=EditionQuery, roles=ANALYSTS)
def list_editions(query: Fields) -> Any:
    """Editions of reports that were fixed, those of the newest periods first."""
    return page_of(ask("statistics", "list_editions", **without_page(query)), query)


@routes.question(f"/reports/{kind_of_report}", Report, query=ReportQuery, roles=ANALYSTS, extra_doc=FILES)
def get_report(query: Fields, kind: str) -> Any:
    """A report; of a period that is over always the same, apart from the print date."""
    form = query["format"]
    asked = {name: value for name, value in query.items() if name != "format"}
    if form == "json":
        return ask("statistics", "get_report", kind=kind, **asked)
    made = _waited_for(ask("statistics", "order_document", kind=kind, format=form, **asked))
    if made["state"] not in IN_HAND:
        return _file(made["id"])
    answer = json_answer(_with_file(made), 202)
    answer.headers.update({"Location": url_for("reports.get_document", id=made["id"]), "Retry-After": "2"})
    return answer


@routes.question("/reports/documents/<uuid4:id>", Document, roles=ANALYSTS)
def get_document(id: str) -> Any:
    """A document that is being made, how far it is, and where to fetch it once it is `done`."""
    return _with_file(ask("statistics", "get_document", id=id))


@routes.question("/reports/documents/<uuid4:id>/file", None, roles=ANALYSTS, problems=(409,), extra_doc=FILE)
def get_document_file(id: str) -> Response:
    """A document that is ready."""
    return _file(id)


def _waited_for(made: Mapping[str, Any]) -> Mapping[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while made["state"] in IN_HAND and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)
        made = ask("statistics", "get_document", id=made["id"])
    return made


def _with_file(made: Mapping[str, Any]) -> dict[str, Any]:
    ready = made["state"] == "done"
    return {**made, "file": url_for("reports.get_document_file", id=made["id"]) if ready else None}


def _file(id_: str) -> Response:
    made = ask("statistics", "get_document_content", id=id_)
    plain = f"{made['kind']}-{made['period']}.{made['format']}"
    return Response(
        b64decode(made["content"]),
        content_type=MEDIA_TYPES[made["format"]],
        headers={"Content-Disposition": disposition(made["file_name"], plain)},
    )


@routes.command(f"/reports/{kind_of_report}/editions", Edition, body=EditionInput, roles=ANALYSTS, status=201)
def make_edition(body: Fields, kind: str) -> Any:
    """Fix the report of a period that is over anew, after a correction; earlier editions stay."""
    return ask("statistics", "make_edition", kind=kind, **body)


def disposition(filename: str, plain: str) -> str:
    """Return the header that names a download, in ASCII for old clients and in full (RFC 6266, RFC 8187)."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
