"""The threads: poses, meshes, recognised emotions, preparations."""
