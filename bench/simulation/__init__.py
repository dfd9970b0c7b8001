"""How often the rules by which probers open incidents cry wolf, and how soon they see a real outage."""
