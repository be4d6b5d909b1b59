"""What `a2f-ws` does, one module per command."""
