"""The disk: files, locks, errors of theirs, and what outlives a build."""
