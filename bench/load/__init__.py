"""What looking costs: our http check beside blackbox_exporter's, on the same targets in the same run."""
