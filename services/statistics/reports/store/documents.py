"""Reports as files: asked for, made, fetched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.chassis import db

Row = Mapping[str, Any]


class Documents(db.Store):
    """Files of reports and the queue of those that are to be made."""

    def lock_documents(self, hall: str) -> None:
        """Let nobody else ask for a file of this hall until the transaction ends."""
        self.run("lock_documents", hall=hall)

    def document_in_hand(
        self, hall: str, *, by: str, digest: str, fresh_since: datetime, **about: Any
    ) -> Any:
        """Return the id of the file that answers a request, None when there is none."""
        return self.value(
            "document_in_hand", hall=hall, by=by, digest=digest, fresh_since=fresh_since, **about
        )

    def documents_waiting(self, hall: str, *, by: str) -> Row:
        """Return how many files are still to be made: `of_hall` and `of_person`."""
        return self.rows("documents_waiting", hall=hall, by=by)[0]

    def add_document(self, hall: str, id_: str, **asked: Any) -> None:
        """Note a file that is to be made."""
        self.run("add_document", hall=hall, id=id_, **asked)

    def document(self, hall: str, id_: str) -> dict[str, Any] | None:
        """Return a file without its content."""
        return self.row("document", hall=hall, id=id_)

    def document_content(self, hall: str, id_: str) -> dict[str, Any] | None:
        """Return a file that is ready."""
        return self.row("document_content", hall=hall, id=id_)

    def take_document(self) -> tuple[str, str] | None:
        """Take the work that waits longest, in the transaction that is open."""
        row = self.row("take_document")
        return (row["hall"], str(row["document"])) if row else None

    def begin_document(self, hall: str, id_: str) -> Row:
        """Note an attempt and return it with the report and the format."""
        return self.rows("begin_document", hall=hall, id=id_)[0]

    def note_document(self, hall: str, id_: str, *, progress: float) -> None:
        """Note how far a file is, from 0 to 1."""
        self.run("note_document", hall=hall, id=id_, progress=progress)

    def finish_document(self, hall: str, id_: str, *, file_name: str, content: bytes, at: datetime) -> None:
        """Store a file."""
        self.run("finish_document", hall=hall, id=id_, file_name=file_name, content=content, at=at)

    def fail_document(self, hall: str, id_: str, *, fault: str, at: datetime) -> None:
        """Store why there is no file."""
        self.run("fail_document", hall=hall, id=id_, fault=fault, at=at)

    def forget_documents(self, *, before: datetime) -> None:
        """Forget what was asked for before a moment."""
        self.run("forget_documents", before=before)
