# Témoin with a browser; docs/container.md says how to run it read-only, and with the browser's sandbox on.
FROM debian:trixie-slim AS build
ARG EXTRAS=notify
# Debian keeps no older versions than the newest, so none is named.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv
WORKDIR /src
COPY . .
# As locked, and without resolving anything. The builder stays here: only wheels reach the installation.
RUN python3 -m venv /build \
 && pip="/build/bin/pip --quiet --disable-pip-version-check --no-cache-dir" \
 && $pip install --no-deps --require-hashes -r requirements/installer.lock \
 && $pip install --no-deps --require-hashes -r requirements/build.lock \
 && set -- -r requirements/base.lock \
 && for extra in $(echo "$EXTRAS" | tr ',' ' '); do set -- "$@" -r "requirements/$extra.lock"; done \
 && $pip wheel --no-deps --no-build-isolation --use-pep517 --require-hashes --wheel-dir /wheels "$@" \
 && $pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && python3 -m venv --without-pip /opt/temoin \
 && $pip --python /opt/temoin install --no-deps --no-index /wheels/*.whl \
 && $pip --python /opt/temoin check \
 && /opt/temoin/bin/python -m compileall -q /opt/temoin/lib

FROM debian:trixie-slim
# Debian keeps no older versions than the newest, so none is named.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      ca-certificates chromium-headless-shell fonts-droid-fallback fonts-nanum fonts-noto-color-emoji fonts-noto-core \
      python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin temoin \
 && install --directory --owner 10001 --mode 0700 /data /evidence \
 && install --directory /config
COPY --from=build /opt/temoin /opt/temoin
ENV PATH=/opt/temoin/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    LANG=C.UTF-8 \
    HOME=/data \
    XDG_DATA_HOME=/data \
    TEMOIN_OUTPUT=/evidence
USER 10001
WORKDIR /config
VOLUME ["/data", "/evidence"]
# Really starts the browser and really writes: a container that can do neither is of no use.
HEALTHCHECK --interval=10m --timeout=60s --start-period=10s --retries=2 CMD ["temoin", "doctor", "--json"]
ENTRYPOINT ["temoin"]
CMD ["check"]
