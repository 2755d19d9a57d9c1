"""Text to vectors, by sentence-transformers models that run in a separate process.

`chunk`, `ingestion`, `search`, `lifecycle`, the routes and the wiring may import this room. It knows nothing of chunks, files or the index.

    embedder.py        one model, used by many threads; its tokenizer is here, its weights are not
    embedders.py       the configured embedders, by name and by space
    loaded_models.py   how many models may be in memory
    spaces.py          the name of the space of a model's vectors
    vectors.py         the type of vectors
    vectorize.py       the `/v1/embeddings` request
    model_client.py    the process that runs the models, as the service sees it
    model_messages.py  what the service and that process send each other
    model_server.py    that process
    batching.py        many callers, one model: which texts are run together, and when
    packed_linear.py   faster linear layers on CPUs that compute in bfloat16
"""
