"""What tables change of a hall: what is added, what changes, what ends, and what stays though they do not name it."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from services.catalogue.tables.hall import Record
from services.catalogue.tables.rows import FILES

ADDED, CHANGED, ENDS, KEPT = KINDS = ("added", "changed", "ends", "kept")
MOST_EXAMPLES = 500
# What a row is known by; the hall has one.
KEYS: Mapping[str, tuple[str, ...]] = {
    "hall": (),
    "clerks": ("username",),
    "hours": ("department", "weekday"),
    "calendar": ("day",),
    "assessment": ("code", "valid_from"),
    "procedure_steps": ("procedure", "step"),
    "procedure_materials": ("procedure", "material"),
    **dict.fromkeys(
        ("departments", "zones", "chains", "queues", "windows", "items", "slot_plans", "crews", "procedures"),
        ("code",),
    ),
}
# From which day on an item is offered says when a change takes effect, and is none.
_WHEN = {"items": {"effective_from"}}

Rows = Mapping[str, Sequence[Record]]


def differences(before: Rows, after: Rows, *, by_hand: Collection[str] = ()) -> dict[str, Record]:
    """Return of each table how many rows are added, changed, ended, kept though it lacks them, and as they were.

    `rows` names the first of them: `{kind, key, columns}`.

    Args:
        before: the tables of the hall as it is.
        after: the tables that would be loaded.
        by_hand: items that stay when no table has them.
    """
    return {name: _of_table(name, before, after, by_hand) for name in FILES}


def changes_nothing(found: Mapping[str, Record]) -> bool:
    """Tell whether nothing is added, changed or ended, and the tables lack nothing."""
    return not any(each[kind] for each in found.values() for kind in KINDS)


def _of_table(name: str, before: Rows, after: Rows, by_hand: Collection[str]) -> Record:
    known, wanted = ({_key(name, row): row for row in rows[name]} for rows in (before, after))
    told = [
        *({"kind": ADDED, "key": key, "columns": []} for key in wanted if key not in known),
        *_changed(name, known, wanted),
        *(
            {"kind": ENDS if _ends(name, row, after, by_hand) else KEPT, "key": key, "columns": []}
            for key, row in known.items()
            if key not in wanted
        ),
    ]
    counts = {kind: sum(each["kind"] == kind for each in told) for kind in KINDS}
    return {
        **counts,
        "unchanged": len(known) - counts[CHANGED] - counts[ENDS] - counts[KEPT],
        "rows": told[:MOST_EXAMPLES],
    }


def _changed(name: str, known: Mapping[str, Record], wanted: Mapping[str, Record]) -> Iterator[Record]:
    for key, row in wanted.items():
        was = known.get(key)
        if was is None:
            continue
        columns = [each for each in row if was.get(each) != row[each] and each not in _WHEN.get(name, ())]
        if columns:
            yield {"kind": CHANGED, "key": key, "columns": columns}


def _key(name: str, row: Record) -> str:
    return " ".join(str(row[field] or "*") for field in KEYS[name]) or str(row["code"])


def _ends(name: str, row: Record, after: Rows, by_hand: Collection[str]) -> bool:
    """Tell whether loading ends what a table does not name any more."""
    if name == "items":
        return row["code"] not in by_hand
    if name == "calendar":
        return any(each["day"][:4] == row["day"][:4] for each in after[name])
    if name in ("procedure_steps", "procedure_materials"):
        return any(each["code"] == row["procedure"] for each in after["procedures"])
    return name == "hours"
