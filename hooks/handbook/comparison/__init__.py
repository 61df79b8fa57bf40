"""The parts of a comparison: which line, row and name of one output is which of another."""
