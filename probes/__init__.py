"""Probers: look at services from outside, and know nothing of the generator."""
