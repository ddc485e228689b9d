# One image per service: docker build -f docker/service.Dockerfile --build-arg APP=blog -t trellis/blog .
FROM node:24-bookworm-slim AS build
WORKDIR /trellis
COPY . .
RUN npm ci && npm run build

# What the service needs at run time: its own dependencies and those of the libs that it imports.
FROM build AS prune
ARG APP
RUN npm ci --omit=dev --workspace=@trellis/${APP}

FROM node:24-bookworm-slim
ARG APP
ENV NODE_ENV=production APP=${APP}
WORKDIR /trellis
COPY --from=prune /trellis/node_modules node_modules
COPY --from=prune /trellis/libs libs
COPY --from=prune /trellis/apps/${APP} apps/${APP}
# What a service keeps between starts: the registry its catalogue, the others their list of instances.
RUN install -d -o node -g node -m 700 /var/lib/trellis
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD node -e "fetch(process.argv[1]).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))" http://127.0.0.1:$ADMIN_PORT/readyz
CMD ["sh", "-c", "exec node --disable-warning=TimeoutNegativeWarning --import @trellis/telemetry/register apps/$APP/dist/main.js"]
