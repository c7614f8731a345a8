"""What a document is put together from."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is 一、 and level 2 （一）."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of prose."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table under its title.

    `widths` are shares of the page's width; columns that hold text are named in `left` and stand left, the others
    right. `total` is a last row in bold, `small` a table in smaller letters.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    left: Sequence[int] = (0,)
    total: Sequence[str] | None = None
    small: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart under its title: bars upright or lying (`lying`), one series or two."""

    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    unit: str
    lying: bool = False


Block = Heading | Paragraph | Table | Chart
