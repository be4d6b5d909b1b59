"""From what a network gives to faces: both kinds of bundle, one contract."""
