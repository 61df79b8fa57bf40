"""Lets ``python -m handbook`` do what ``handbook`` does."""

from handbook.cli import main

main()
