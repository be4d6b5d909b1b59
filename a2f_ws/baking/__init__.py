"""Sound files to clip files: which lines, what of them is new, and what comes of each."""
