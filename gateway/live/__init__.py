"""What is followed live: the boards of zones and the desks of windows."""
