"""Connections, and what can be seen of them."""
