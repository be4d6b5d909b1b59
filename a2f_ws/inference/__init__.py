"""Bundles as they lie on disk, and the backends that run their networks."""
