"""lagebild: a static generator for multilingual status pages and incident feeds."""

__version__ = "0.1.0"
