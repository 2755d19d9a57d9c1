# Generation: the front door, answers, jobs. Build from the repository's root:
#   docker build -f deploy/docker/generation.Dockerfile -t tandem-generation .
FROM python:3.12-slim-bookworm AS packages
# Where pip and uv find packages; empty: PyPI.
ARG PACKAGE_INDEX=
RUN pip install --no-cache-dir ${PACKAGE_INDEX:+--index-url "$PACKAGE_INDEX"} uv==0.13.9 && uv venv /opt/tandem
COPY deploy/requirements/generation.txt /tmp/requirements.txt
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install --python /opt/tandem ${PACKAGE_INDEX:+--default-index "$PACKAGE_INDEX"} --no-deps --requirements /tmp/requirements.txt

FROM python:3.12-slim-bookworm
# The folder exists so that an empty volume gets its owner.
RUN useradd --uid 10001 --create-home tandem && install --directory --owner tandem --group tandem /adapters
COPY --from=packages /opt/tandem /opt/tandem
WORKDIR /app
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/generation services/generation
# It has its compiled modules, because a process that must compile them takes twice as long to start.
RUN /opt/tandem/bin/python -c "import services.generation.app" && rm -rf /tmp/*
# The root file system may be read-only: what libraries keep in the home folder goes to /tmp.
ENV PATH=/opt/tandem/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GENERATION_HOST=0.0.0.0 \
    TANDEM_ADAPTERS=/adapters
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["python", "-m", "services.generation.app"]
