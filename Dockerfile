# Wirefold in a container: `docker build -t wirefold .`
#
# The service listens beyond loopback here, and refuses to do so before an API key exists. Make the first one into the
# volume, then start:
#
#   docker run --rm -v wirefold:/data wirefold keys create newsroom
#   docker run -p 127.0.0.1:8000:8000 -v wirefold:/data wirefold
#
# With PostgreSQL, give both commands the same DATABASE_URL (see compose.yaml).
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# Dependencies first: they change less often than the code, and this layer is the expensive one.
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/wirefold \
    && /opt/wirefold/bin/pip install --require-hashes --only-binary :all: --requirement requirements/runtime.txt \
    && pip install --require-hashes --only-binary :all: --requirement requirements/build.txt
# What compiles app/dedup/_kernel.c. Nothing of it is in the image below.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY migrations migrations
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/wirefold/bin/pip install --no-deps dist/*.whl

FROM python:${PYTHON_VERSION}-slim
ARG PYTHON_VERSION
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin wirefold \
    && install --directory --owner wirefold --group wirefold --mode 0750 /data
COPY --from=build /opt/wirefold /opt/wirefold
# What the errors mean, served at /docs/errors.md beside the installed package.
COPY docs/errors.md /opt/wirefold/lib/python${PYTHON_VERSION}/site-packages/docs/errors.md
ENV PATH=/opt/wirefold/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/wirefold.db
USER wirefold
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Time to commit what was acknowledged: the service finishes requests in flight on SIGTERM.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["wirefold"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
