"""README's commands on a bare Debian: `python -m tests.fresh` makes one, runs them in it and prints the times."""

import os
from pathlib import Path

# What is the same for each clone: packed bases of Debian, and which pins have been found.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hallflow"
