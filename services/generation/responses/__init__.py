"""Makes and stores responses: plain, streamed, or in the background. Only `routes`, `dependencies` and `app` import it."""
