"""Tests of HallFlow; a package, since one of our libraries installs a `tests` of its own."""
