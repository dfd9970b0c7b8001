"""Outlets: publish event files and observations."""
