"""Between the network and the rig: weights of a face over time, and the emotion over time."""
