"""Zone: asks the name servers of a zone, and compares them."""
