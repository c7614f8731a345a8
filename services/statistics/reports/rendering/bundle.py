"""Office files are zip archives: the same content gives the same bytes only when their times are fixed."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = (1980, 1, 1, 0, 0, 0)


def without_times(archive: bytes) -> bytes:
    """Return an archive with the same members in the same order, each of the earliest time a zip can tell."""
    out = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            plain = ZipInfo(member.filename, EARLIEST)
            plain.compress_type = ZIP_DEFLATED
            target.writestr(plain, source.read(member))
    return out.getvalue()
