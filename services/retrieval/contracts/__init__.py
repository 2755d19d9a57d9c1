"""Request and response bodies that only retrieval uses, one module per resource. Every room of retrieval may import it."""
