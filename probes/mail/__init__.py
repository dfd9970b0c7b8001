"""Conversations with mail servers, and the road of one message."""
