# One image for every service. The gateway, with the subgraphs in its process unless they have a URL:
#   docker run -p 4000:4000 loomgraph
# and a subgraph as a server of its own:
#   docker run loomgraph node subgraphs/templates/dist/main.js
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS manifests
WORKDIR /app
COPY . .
# What packages are installed from, apart from the sources: a changed source does not install them again.
RUN mkdir /manifests \
  && find . \( -name package.json -o -name package-lock.json -o -name .npmrc \) -exec cp --parents -t /manifests {} +

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/tmp/npm npm ci --cache /tmp/npm
COPY . .
RUN npx tsc -b \
  && mkdir /output \
  && find shared subgraphs gateway -name node_modules -prune -o -type d \( -name dist -o -name seeds \) -print -prune | xargs cp --parents -r -t /output \
  && find /output \( -name '*.d.ts' -o -name '*.d.ts.map' -o -name .tsbuildinfo \) -delete

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/tmp/npm npm ci --omit=dev --cache /tmp/npm

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    LOOM_DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app ./
COPY --from=build /output ./
RUN install --directory --owner=node --group=node /data
USER node
# Of the embedded stores; nothing is written elsewhere.
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=128", "gateway/dist/main.js"]
