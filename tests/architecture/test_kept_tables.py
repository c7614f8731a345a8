"""Tables that are only ever added to refuse every other change."""

from collections.abc import Callable

import psycopg
import pytest

SERVICES = (
    "identity",
    "catalogue",
    "ticketing",
    "cases",
    "appointments",
    "dispatch",
    "notifications",
    "statistics",
    "quality",
)
KEPT = {
    "identity": {"audit"},
    "catalogue": {"item_revisions"},
    "ticketing": {"personal_accesses"},
    "appointments": {"personal_accesses", "overtime"},
    "dispatch": {"personal_accesses"},
}
# Which changes the triggers refuse together, as bits of pg_trigger.tgtype.
_REFUSED = """
    SELECT tgrelid::regclass::text AS kept, bit_or(tgtype::integer) & 56 AS changes FROM pg_trigger
        JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE proname = 'refuse_change' AND NOT tgisinternal GROUP BY tgrelid
"""
DELETE, UPDATE, TRUNCATE = 8, 16, 32


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_only_added_to_is_neither_changed_nor_deleted_nor_emptied(
    database: Callable[[str], str], service: str
) -> None:
    with psycopg.connect(database(service)) as connection:
        found = dict(connection.execute(_REFUSED).fetchall())
        assert found == dict.fromkeys(found, DELETE | UPDATE | TRUNCATE)
        assert set(found) >= KEPT.get(service, set())
        for table in found:
            with (
                pytest.raises(psycopg.Error, match=r"only ever added to|append-only|permission denied"),
                connection.transaction(),
            ):
                connection.execute(f"TRUNCATE {table} CASCADE")  # type: ignore[arg-type]
