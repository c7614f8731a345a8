"""The reference hall as tables anyone can edit, and the loader that checks and sends them."""
