"""Calls about reports."""

from typing import Any

from services.chassis.service import Service, command, question
from services.statistics.rendering.caller import Renderer
from services.statistics.schemas import reports as schemas
from services.statistics.store import Store
from services.statistics.use_cases import reports

Request = dict[str, Any]

renderer = Renderer()


class Reports(Service):
    """Reports of the hall and of its departments."""

    @question(schemas.GetReport())
    def get_report(self, store: Store, request: Request) -> Any:
        """Return a report as JSON."""
        return reports.get_report(store, self.caller, **request)

    @question(schemas.RenderReport())
    def render_report(self, store: Store, request: Request) -> Any:
        """Return a report as a file."""
        form = request.pop("format")
        return renderer.render(reports.get_report(store, self.caller, **request), form)

    @question(schemas.ListEditions(), schemas.Edition(many=True))
    def list_editions(self, store: Store, request: Request) -> Any:
        """Return the editions of reports."""
        return reports.list_editions(store, self.caller, **request)

    @command(schemas.MakeEdition(), schemas.Edition())
    def make_edition(self, store: Store, request: Request) -> Any:
        """Fix a report anew, as its next edition."""
        return reports.make_edition(store, self.caller, **request)
