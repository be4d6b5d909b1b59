"""The network: features, layers, training, export."""
