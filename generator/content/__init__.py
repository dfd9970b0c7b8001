"""The content of a tree: what each of its files may say, read and judged."""
