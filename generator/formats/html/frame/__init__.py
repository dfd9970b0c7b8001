"""The frame of every page: its environment, its assets, and what surrounds its content."""
