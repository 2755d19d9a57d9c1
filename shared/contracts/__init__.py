"""Request and response bodies that two services must agree on, one module per resource.

Every room of every service may import them. Shapes follow OpenAI's; extensions are optional fields and say so.
"""
