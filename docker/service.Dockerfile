# One image per service: docker build -f docker/service.Dockerfile --build-arg APP=blog -t trellis/blog .
FROM node:24-bookworm-slim AS build
WORKDIR /trellis
COPY . .
RUN npm ci && npm run build

# What the service needs at run time and nothing else: its own dependencies, the libs it imports, compiled.
FROM node:24-bookworm-slim AS prune
ARG APP
WORKDIR /trellis
COPY --from=build /trellis/package.json /trellis/package-lock.json /trellis/.npmrc ./
COPY --from=build /trellis/apps/${APP} apps/${APP}
COPY --from=build /trellis/libs libs
RUN npm ci --omit=dev --workspace=@trellis/${APP} --include-workspace-root=false

FROM node:24-bookworm-slim
ARG APP
ENV NODE_ENV=production HOST=0.0.0.0 APP=${APP}
WORKDIR /trellis
COPY --from=prune /trellis .
USER node
HEALTHCHECK --interval=5s --timeout=2s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ADMIN_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["sh", "-c", "exec node --import @trellis/telemetry/register apps/$APP/dist/main.js"]
