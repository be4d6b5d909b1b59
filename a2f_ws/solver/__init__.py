"""From meshes to weights: the poses of a rig whose sum comes closest to a face."""
