"""The committed OpenAPI documents, for generated clients."""
