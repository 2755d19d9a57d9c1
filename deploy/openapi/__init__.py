"""The committed OpenAPI document of the whole API, for generated clients."""
