"""How the embedded model is made, from a trained network to the files of a bundle, and judged."""
