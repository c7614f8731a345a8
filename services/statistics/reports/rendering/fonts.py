"""The typefaces of charts and documents."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from fontTools.ttLib import TTCollection

# Those of Debian's fonts-noto-cjk; the collection holds a face for each country's forms of the characters.
FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts"),
)
FILE = "NotoSansCJK-Regular.ttc"
FACE = "Noto Sans CJK SC"
FAMILY_NAME = 1

# The standard of official documents (GB/T 9704-2012): text, headings of the first and second level, title.
TEXT, FIRST_HEADING, SECOND_HEADING, TITLE = "仿宋", "黑体", "楷体", "宋体"
LATIN = "Times New Roman"


@contextmanager
def chinese_face() -> Iterator[Path | None]:
    """Give a file with the simplified Chinese face for as long as the block runs; None where it is not installed.

    Charts are drawn from a font file's first face only, and a collection's first one has the Japanese forms.
    """
    found = next((path for folder in FOLDERS if (path := folder / FILE).exists()), None)
    if found is None:
        yield None
        return
    with (
        TTCollection(found, lazy=True) as collection,
        NamedTemporaryFile(suffix=".otf", delete=False) as file,
    ):
        face = next(font for font in collection.fonts if font["name"].getDebugName(FAMILY_NAME) == FACE)
        face.save(file)
    try:
        yield Path(file.name)
    finally:
        os.unlink(file.name)
