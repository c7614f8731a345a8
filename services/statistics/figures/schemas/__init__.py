"""What goes in and out of figures."""
