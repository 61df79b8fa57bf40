"""A book as a site shows it: its pages, read once and kept from build to build. Knows no site generator."""
