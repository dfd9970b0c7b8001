"""Where event files and observations go."""
