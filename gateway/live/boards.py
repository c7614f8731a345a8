"""The boards of zones: who is called where, and who comes next."""

from gateway.live.feeds import Kind

# A ticket's own zone, that of the window it is called to, and the one it was transferred from.
ZONE_MEMBERS = ("zone", "window_zone", "from_zone")

BOARDS = Kind(
    event="board",
    name_of=lambda board: str(board["zone"]),
    keys_of=lambda board: [board["zone"]],
    touched=lambda data: ([data[member] for member in ZONE_MEMBERS if data.get(member)], ()),
    soon_s=0.0,
    later_s=lambda _board: 0.0,
)
