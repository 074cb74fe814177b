"""What the work costs: workloads measured against a real PostgreSQL. How to run them: README.md."""
