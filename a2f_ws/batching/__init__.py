"""Windows of all sessions meet here: who is computed next, and the thread that computes."""
