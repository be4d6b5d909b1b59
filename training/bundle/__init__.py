"""Synthetic bundles in NVIDIA's format, made from random numbers: meshes, rigs and networks."""
