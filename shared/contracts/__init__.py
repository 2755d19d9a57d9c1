"""Wire schemas, one module per resource. Shapes follow OpenAI's; extensions are optional fields and say so."""
