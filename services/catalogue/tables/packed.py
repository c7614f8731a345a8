"""Whether a file that somebody sent may be unpacked as a workbook: a ZIP file of XML of a size that can be borne."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from services.catalogue.tables.faults import Fault

MOST_BYTES = 16 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 1000
# Sheets of which every row is the same are packed to a hundredth.
MOST_RATIO = 400
_BLOCK = 1024 * 1024
# An XML part of a workbook defines no entities, so that none can unfold.
_DEFINES = b"<!DOCTYPE"


def refusal(content: bytes) -> Fault | None:
    """Return why a file is no workbook to be unpacked, None when it may be."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            return _refusal(packed, len(content))
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return Fault("not_a_workbook")


def _refusal(packed: ZipFile, size: int) -> Fault | None:
    parts = packed.infolist()
    unpacked = sum(part.file_size for part in parts)
    if size > MOST_BYTES or len(parts) > MOST_PARTS or unpacked > min(MOST_UNPACKED, size * MOST_RATIO):
        return Fault("workbook_too_large")
    for part in parts:
        with packed.open(part) as opened:
            before = b""
            # No more than the size it states is ever read of a part.
            while block := opened.read(_BLOCK):
                # In UTF-16 each letter has a zero beside it.
                if _DEFINES in (before + block).replace(b"\0", b"").upper():
                    return Fault("not_a_workbook")
                before = block[-2 * len(_DEFINES) :]
    return None
