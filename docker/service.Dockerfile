# One image per service: docker build -f docker/service.Dockerfile --build-arg APP=blog -t trellis/blog .
# The stages that build run where the builder runs; the last one only copies, so any platform can be made anywhere.

# What `npm ci` looks at, so that it runs again only when a dependency has changed.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS manifests
WORKDIR /trellis
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json -delete && find . -type d -empty -delete

FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS build
WORKDIR /trellis
COPY --from=manifests /trellis .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN npx nx run-many -t generate && npx tsc -b apps/auth/tsconfig.app.json apps/blog/tsconfig.app.json \
  apps/gateway/tsconfig.app.json apps/registry/tsconfig.app.json apps/user/tsconfig.app.json
# What a service keeps between starts: the registry its catalogue, the others their list of instances.
RUN mkdir /var/lib/trellis

FROM --platform=$BUILDPLATFORM build AS pack
ARG APP
RUN node docker/pack.mjs ${APP} /kit /apart

FROM node:24-bookworm-slim
WORKDIR /trellis
ENV NODE_ENV=production ADMIN_PORT=9000
COPY --from=build --chown=1000:1000 /var/lib/trellis /var/lib/trellis
COPY --from=pack /kit .
ARG APP
COPY --from=pack /apart .
WORKDIR /trellis/apps/${APP}
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=10s --start-period=180s --start-interval=3s \
  CMD ["node", "/trellis/admin.mjs", "GET", "/readyz"]
CMD ["node", "--disable-warning=TimeoutNegativeWarning", "--import", "@trellis/telemetry/register", "dist/main.js"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="trellis ${APP}" \
  org.opencontainers.image.description="The ${APP} service of Trellis; its bill of materials is /trellis/sbom.cdx.json" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.base.name="docker.io/library/node:24-bookworm-slim"
