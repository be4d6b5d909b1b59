"""Rigs: tables of curves, checked and compiled, and the mapping of faces to their rows."""
