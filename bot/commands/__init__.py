"""What ``python -m bot`` offers besides the servers: a module for each command."""
