"""Mail: speaks with mail servers, and follows one message on its way."""
