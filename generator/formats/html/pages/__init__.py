"""The pages of the site, each with a template of its name."""
