"""Monitoring: reads what plugins, Prometheus and Alertmanager say."""
