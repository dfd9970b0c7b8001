"""Reading of what people write: YAML with its places, typed values, times."""
