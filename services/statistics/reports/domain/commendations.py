"""Thank-you letters, banners and plaques in figures."""

from collections.abc import Mapping

KINDS = ("letter", "banner", "plaque")


def commended(counts: Mapping[str, int]) -> dict[str, int]:
    """Return `letters`, `banners` and `plaques` from counts by kind."""
    return {f"{kind}s": counts.get(kind, 0) for kind in KINDS}
