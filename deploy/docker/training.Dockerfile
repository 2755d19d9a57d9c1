# Training: the worker that trains LoRA adapters, each in its own subprocess. Build from the repository's root:
#   docker build -f deploy/docker/training.Dockerfile -t tandem-training .
#   docker build -f deploy/docker/training.Dockerfile -t tandem-training-cpu --build-arg TORCH_BACKEND=cpu .
FROM python:3.12-slim-bookworm AS packages
# Which build of PyTorch: cpu, cu130 … (uv's --torch-backend); empty: the package index's own, for CUDA.
ARG TORCH_BACKEND=
# Where pip and uv find packages; empty: PyPI.
ARG PACKAGE_INDEX=
RUN pip install --no-cache-dir ${PACKAGE_INDEX:+--index-url "$PACKAGE_INDEX"} uv==0.13.9 && uv venv /opt/tandem
COPY deploy/requirements/training.txt /tmp/requirements.txt
# torch comes first, with its dependencies, which differ between its builds; everything else is in the lock.
# torch's own tests, the headers that compiling extensions needs, and bitsandbytes' builds for other versions of CUDA are left out.
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install --python /opt/tandem ${PACKAGE_INDEX:+--default-index "$PACKAGE_INDEX"} ${TORCH_BACKEND:+--torch-backend "$TORCH_BACKEND"} --constraints /tmp/requirements.txt torch \
    && uv pip install --python /opt/tandem ${PACKAGE_INDEX:+--default-index "$PACKAGE_INDEX"} --no-deps --requirements /tmp/requirements.txt \
    && cd /opt/tandem/lib/python*/site-packages/torch && rm -rf test include bin/*Test bin/test_* bin/protoc* \
    && cuda=$(/opt/tandem/bin/python -I -c "import torch; print((torch.version.cuda or 'none').split('.')[0])") \
    && find ../bitsandbytes -name 'libbitsandbytes_*' ! -name '*_cpu.*' ! -name "*_cuda$cuda*" -delete

FROM python:3.12-slim-bookworm
# The folders exist so that empty volumes get their owner.
RUN useradd --uid 10001 --create-home tandem && install --directory --owner tandem --group tandem /data /models /adapters
COPY --from=packages /opt/tandem /opt/tandem
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/training services/training
# It has its compiled modules, because a process that must compile them takes twice as long to start.
RUN /opt/tandem/bin/python -c "import services.training.worker, services.training.trainer.train, services.training.tracking.wandb_run, services.training.tracking.mlflow_run" && rm -rf /tmp/*
# The root file system may be read-only: what libraries keep in the home folder goes to /tmp, large and lasting files to /data.
ENV PATH=/opt/tandem/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HOME=/data/hub \
    TRITON_CACHE_DIR=/data/triton \
    TORCHINDUCTOR_CACHE_DIR=/data/inductor \
    TANDEM_DATA=/data \
    TANDEM_ADAPTERS=/adapters
USER 10001
STOPSIGNAL SIGTERM
CMD ["python", "-m", "services.training.worker"]
