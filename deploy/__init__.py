"""How HallFlow is installed and started."""
