"""Faces for those who have no client: shown by a player of our own and sent as Live Link Face."""
