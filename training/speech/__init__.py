"""Speech with phone timings: texts, voices, the aligner, and the store that keeps it all."""
