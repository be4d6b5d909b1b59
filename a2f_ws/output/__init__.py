"""Files: recordings of poses, plots of them, and the speech files that they are made from."""
