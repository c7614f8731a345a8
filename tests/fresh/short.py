"""The short form of `make test-fresh`, part of `make lint`: nothing is installed, the texts are compared."""

import sys

from tests.fresh import programs, wheels


def main() -> int:
    """Print what a bare machine would miss."""
    wrong = programs.check() + wheels.check()
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.stdout.write(
        "A bare machine would fail.\n" if wrong else "A bare machine has all that is called and pinned.\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
