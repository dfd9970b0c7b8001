"""The brand of a site: its colours, logos and fonts, and its own templates and styles."""
