"""Loop: looks at everything again and again, and concludes what follows."""
