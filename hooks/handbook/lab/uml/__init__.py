"""The machine ``uml``: its kernel, its disk, and the way in over serial lines."""
