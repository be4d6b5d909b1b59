"""Messages, their bytes, and what may come when; no I/O."""
