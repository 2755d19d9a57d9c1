"""The clients generated from `deploy/openapi/tandem.json`: Python and TypeScript. `python -m deploy.clients` generates them."""
