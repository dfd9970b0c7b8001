"""`python -m generator` is `lagebild`."""

from generator.cli import main

main(prog_name="lagebild")
