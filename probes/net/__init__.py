"""Net: connects, encrypts and logs in, and judges what can be seen of that."""
