"""One talking head: chunks in -> windows out, faces in -> poses out, and who hears it."""
