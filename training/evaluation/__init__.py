"""The evaluation: sets of unseen speech, systems that make faces, and the table of both."""
