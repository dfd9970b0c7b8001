"""What probers would have seen of the disturbances in the record, played against real servers in simulated time."""
