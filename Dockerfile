# Témoin with a browser; docs/container.md says how to run it read-only, and with the browser's sandbox on.
FROM debian:trixie-slim AS build
ARG EXTRAS=notify,mailbox
# Debian keeps no older versions than the newest, so none is named.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv
WORKDIR /src
COPY . .
# The locked versions as limits: their hashes would be asked of Témoin itself, too.
RUN sed -n 's/^\([A-Za-z0-9._-]*\)\(\[[^]]*\]\)\{0,1\}\(==[^ ;]*\).*/\1\3/p' requirements.lock > limits.txt \
 && python3 -m venv /opt/temoin \
 && /opt/temoin/bin/pip install --quiet --disable-pip-version-check --no-cache-dir --constraint limits.txt ".[$EXTRAS]" \
 && /opt/temoin/bin/python -m compileall -q /opt/temoin/lib \
 && /opt/temoin/bin/pip uninstall --quiet --yes pip

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
