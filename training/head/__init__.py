"""Builds the head of `engines/head.glb`, stage by stage; `training/make_head.py` calls them."""
