"""The engine of the executable handbook: chapters in, recordings out, pages and verdicts from them."""

__version__ = "0.1.0"
