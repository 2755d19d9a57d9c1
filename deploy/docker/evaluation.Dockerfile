# syntax=docker/dockerfile:1
# Evaluation: the worker that runs comparisons: asks the questions and grades the answers. Build from the repository's root:
#   docker build -f deploy/docker/evaluation.Dockerfile -t tandem-evaluation .
FROM python:3.12-slim-bookworm AS packages
RUN pip install --no-cache-dir uv==0.13.9 && uv venv /opt/tandem
COPY deploy/requirements/evaluation.txt /tmp/requirements.txt
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install --python /opt/tandem --no-deps --requirements /tmp/requirements.txt

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --create-home tandem
COPY --from=packages /opt/tandem /opt/tandem
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/evaluation services/evaluation
ENV PATH=/opt/tandem/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
STOPSIGNAL SIGTERM
CMD ["python", "-m", "services.evaluation.worker"]
