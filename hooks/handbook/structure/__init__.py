"""Structures that several kinds share: tables, fields, documents."""
