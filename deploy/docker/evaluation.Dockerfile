# Evaluation: the worker that runs comparisons: asks the questions and grades the answers. Build from the repository's root:
#   docker build -f deploy/docker/evaluation.Dockerfile -t tandem-evaluation .
FROM python:3.12-slim-bookworm AS packages
# Where pip and uv find packages; empty: PyPI.
ARG PACKAGE_INDEX=
RUN pip install --no-cache-dir ${PACKAGE_INDEX:+--index-url "$PACKAGE_INDEX"} uv==0.13.9 && uv venv /opt/tandem
COPY deploy/requirements/evaluation.txt /tmp/requirements.txt
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install --python /opt/tandem ${PACKAGE_INDEX:+--default-index "$PACKAGE_INDEX"} --no-deps --requirements /tmp/requirements.txt

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --create-home tandem
COPY --from=packages /opt/tandem /opt/tandem
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/evaluation services/evaluation
# It has its compiled modules, because a process that must compile them takes twice as long to start.
RUN /opt/tandem/bin/python -c "import services.evaluation.worker" && rm -rf /tmp/*
# The root file system may be read-only: what libraries keep in the home folder goes to /tmp.
ENV PATH=/opt/tandem/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
STOPSIGNAL SIGTERM
CMD ["python", "-m", "services.evaluation.worker"]
