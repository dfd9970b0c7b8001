"""What the generator costs: time, memory, bytes."""
