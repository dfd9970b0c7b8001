"""What a prober remembers between two looks, outside git."""
