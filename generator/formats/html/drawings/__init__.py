"""Drawings: bars, charts and icons, with the sentences that they stand for."""
