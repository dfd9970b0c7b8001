"""Authoring: what staff and new sites start from."""
