"""How the hall is arranged, and when it is open."""
