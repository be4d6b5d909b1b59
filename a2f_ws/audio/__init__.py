"""Sound in: wire bytes to float32, any rate to 16 kHz, and the windows that the network hears."""
