# syntax=docker/dockerfile:1
# Training: the worker that trains LoRA adapters, each in its own subprocess. Build from the repository's root:
#   docker build -f deploy/docker/training.Dockerfile -t tandem-training .
#   docker build -f deploy/docker/training.Dockerfile -t tandem-training-cpu --build-arg TORCH_BACKEND=cpu .
FROM python:3.12-slim-bookworm AS packages
# Which build of PyTorch: cpu, cu130 … (uv's --torch-backend); empty: the package index's own, for CUDA.
ARG TORCH_BACKEND=
RUN pip install --no-cache-dir uv==0.13.9 && uv venv /opt/tandem
COPY deploy/requirements/training.txt /tmp/requirements.txt
# torch comes first, with its dependencies, which differ between its builds; everything else is in the lock.
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install --python /opt/tandem ${TORCH_BACKEND:+--torch-backend "$TORCH_BACKEND"} --constraints /tmp/requirements.txt torch \
    && uv pip install --python /opt/tandem --no-deps --requirements /tmp/requirements.txt

FROM python:3.12-slim-bookworm
# The folders exist so that empty volumes get their owner.
RUN useradd --uid 10001 --create-home tandem && install --directory --owner tandem --group tandem /data /models /adapters
COPY --from=packages /opt/tandem /opt/tandem
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/training services/training
ENV PATH=/opt/tandem/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HOME=/data/hub \
    TANDEM_DATA=/data \
    TANDEM_ADAPTERS=/adapters
USER 10001
STOPSIGNAL SIGTERM
CMD ["python", "-m", "services.training.worker"]
