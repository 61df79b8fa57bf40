"""Recognising values in running text: what is a name, what only has a form, what is noise."""
