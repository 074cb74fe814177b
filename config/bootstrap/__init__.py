"""From a fresh clone to a running application, with the standard library alone.

`python3 -m config.bootstrap run|test|check|db` makes the virtual environment, installs the hash-pinned
lock, starts an embedded PostgreSQL and serves or tests the application. Nothing here imports Django.
"""
