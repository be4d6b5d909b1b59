"""Clip files: lines whose poses were computed before, played without a server."""
