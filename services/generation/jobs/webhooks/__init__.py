"""Webhooks: a project's endpoints, and the delivery of events to them. Only `routes`, `dependencies` and `app` import it."""
