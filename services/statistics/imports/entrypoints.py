"""Calls about files that are taken in."""

from typing import Any

from services.chassis.service import Service, command, question
from services.statistics.imports import schemas as schemas
from services.statistics.imports.store import Store
from services.statistics.imports.use_cases import imports

Request = dict[str, Any]

_import = schemas.Import()


class Imports(Service):
    """Imports and the lines they refused."""

    @command(schemas.BeginImport(), _import)
    def begin_import(self, store: Store, request: Request) -> Any:
        """Note a file that is about to be sent."""
        return imports.begin_import(store, self.caller, **request)

    @command(schemas.AddImportPart(), routine=True)
    def add_import_part(self, store: Store, request: Request) -> Any:
        """Keep a part of a file."""
        return imports.add_import_part(store, self.caller, **request)

    @command(schemas.QueueImport(), _import)
    def queue_import(self, store: Store, request: Request) -> Any:
        """Have a file taken in."""
        return imports.queue_import(store, self.caller, **request)

    @command(schemas.GetImport(), _import)
    def cancel_import(self, store: Store, request: Request) -> Any:
        """Call an import off."""
        return imports.cancel_import(store, self.caller, **request)

    @command(schemas.GetImport(), _import)
    def take_back_import(self, store: Store, request: Request) -> Any:
        """Have an import taken back."""
        return imports.take_back_import(store, self.caller, **request)

    @question(schemas.GetImport(), schemas.ImportWithRefused())
    def get_import(self, store: Store, request: Request) -> Any:
        """Return an import and the first lines it refused."""
        return imports.get_import(store, self.caller, **request)

    @question(schemas.ListImports(), schemas.Imports())
    def list_imports(self, store: Store, request: Request) -> Any:
        """Return imports, the newest first."""
        return imports.list_imports(store, self.caller, **request)

    @question(schemas.ListRefused(), schemas.Refused(many=True))
    def list_refused(self, store: Store, request: Request) -> Any:
        """Return refused lines of an import."""
        return imports.list_refused(store, self.caller, **request)
