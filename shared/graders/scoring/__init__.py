"""How each kind of grader computes its score. Only the room of graders above it comes in here."""
