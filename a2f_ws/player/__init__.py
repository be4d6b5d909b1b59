"""The client's half: which row to show now, when sound may start, and life between the lines."""
