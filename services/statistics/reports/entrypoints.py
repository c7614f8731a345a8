"""Calls about reports."""

from typing import Any

from services.chassis.kept import Kept
from services.chassis.service import Service, command, question
from services.statistics.reports import schemas as schemas
from services.statistics.reports.store import Store
from services.statistics.reports.use_cases import documents, reports

Request = dict[str, Any]

# Many look at today's, which is worked out anew each time.
_running: Kept[dict[str, Any]] = Kept(seconds=2.0)


class Reports(Service):
    """Reports of the hall and of its departments."""

    @question(schemas.GetReport())
    def get_report(self, store: Store, request: Request) -> Any:
        """Return a report as JSON; of a period that runs as it was within the last two seconds."""
        reports.require_reader(self.caller)
        return _running.get(
            (self.caller.hall, *sorted(request.items())),
            lambda: reports.get_report(store, self.caller, **request),
            keep=lambda report: report["edition"] is None,
        )

    @question(schemas.OrderDocument(), schemas.Document())
    def order_document(self, store: Store, request: Request) -> Any:
        """Have a file made of a report, unless there is one."""
        return documents.order_document(store, self.caller, **request)

    @question(schemas.DocumentId(), schemas.Document())
    def get_document(self, store: Store, request: Request) -> Any:
        """Return how far a file is."""
        return documents.get_document(store, self.caller, **request)

    @question(schemas.DocumentId(), schemas.Content())
    def get_document_content(self, store: Store, request: Request) -> Any:
        """Return a file that is ready."""
        return documents.get_content(store, self.caller, **request)

    @question(schemas.ListEditions(), schemas.Edition(many=True))
    def list_editions(self, store: Store, request: Request) -> Any:
        """Return the editions of reports."""
        return reports.list_editions(store, self.caller, **request)

    @command(schemas.MakeEdition(), schemas.Edition())
    def make_edition(self, store: Store, request: Request) -> Any:
        """Fix a report anew, as its next edition."""
        return reports.make_edition(store, self.caller, **request)
