"""What other monitoring says: plugins, Prometheus, Alertmanager."""
