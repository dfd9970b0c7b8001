"""Memory: keeps what a prober remembers, in one store outside git."""
