"""The name servers of a zone, and whether they agree."""
