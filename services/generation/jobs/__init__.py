"""Fine-tuning jobs and comparisons are checked and stored for the workers. Only `routes`, `dependencies` and `app` import it."""
