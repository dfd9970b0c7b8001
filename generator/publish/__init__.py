"""The only writer of site/; empty, so that a build without news loads no more of it than it needs."""
