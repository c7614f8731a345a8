"""The Nameko service of quality: what it hears; its calls stand in `entrypoints`."""

from services.chassis.config import settings
from services.chassis.inbox import hears
from services.chassis.service import Data, Inbox
from services.quality import entrypoints
from services.quality.schemas import copies as heard
from services.quality.store import Store
from services.quality.use_cases import copies


class Quality(entrypoints.Assessment, entrypoints.Commendations):
    """What staff record of the quality of service."""

    name = "quality"
    data = Data(Store, "services.quality")
    inbox = Inbox(
        hears("catalogue.department.published", heard.Department(), copies.keep_departments),
        hears("statistics.commendations.imported", heard.Imported(), copies.keep_imported),
        hears("statistics.commendations.taken_back", heard.TakenBack(), copies.keep_imported),
        hears("statistics.records.handed_over", heard.HandedOver(), copies.take_over),
    )

    def health_details(self, store: Store) -> dict[str, object]:
        """Say how many departments are known."""
        return {"copies": store.copies(settings().hall)}
