import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Directory, DirectoryWithHosts } from '@trellis/discovery';
import { unavailable } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import { createTokenVerifier } from '@trellis/security';
import { DIRECTORY, HealthChecks, LOGGER, RPC } from '@trellis/service-defaults';
import { type AccessLog, type Logger, createAccessLog } from '@trellis/telemetry';
import { adminPages } from './admin-pages.js';
import type { Config } from './config.js';
import { ActiveRequests } from './data-plane/active-requests.js';
import type { Gateway } from './data-plane/gateway.js';
import { Routing } from './data-plane/routing/routing.js';
import { GatewayFileFollower } from './file/gateway-file-follower.js';
import { type GatewayFile, gatewayFile } from './file/gateway-file.js';
import { putInForce } from './put-in-force.js';
import { referencePages } from './reference/reference-pages.js';

/** Injection token of what the public HTTP server works with. */
export const GATEWAY = Symbol('Gateway');
/** And of the pages on the admin port. */
export const ADMIN_PAGES = Symbol('admin pages');
/** What follows the configuration file; undefined without one. */
const FOLLOWER = Symbol('follower of the file');
const ACCESS_LOG = Symbol('access log');

/** The largest body of a request, in bytes. */
const MAX_BODY = 1_048_576;

@Module({})
export class GatewayModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(Routing) private readonly routing: Routing,
    @Inject(FOLLOWER) private readonly follower: GatewayFileFollower | undefined,
    @Inject(HealthChecks) private readonly health: HealthChecks,
    @Inject(ACCESS_LOG) private readonly accessLog: AccessLog,
  ) {}

  static for(config: Config): DynamicModule {
    return {
      module: GatewayModule,
      providers: [
        { provide: ACCESS_LOG, useFactory: (logger: Logger) => createAccessLog('gateway', logger), inject: [LOGGER] },
        {
          provide: Routing,
          useFactory: (directory: Directory, rpc: Rpc, logger: Logger, accessLog: AccessLog) =>
            new Routing({
              directory,
              rpc,
              logger,
              accessLog,
              verifier: createTokenVerifier({
                issuer: config.ISSUER_URL,
                audience: config.TOKEN_AUDIENCE,
                jwksUrl: config.JWKS_URL,
              }),
              pages: referencePages({
                publicUrl: config.ISSUER_URL,
                clientId: config.REFERENCE_CLIENT_ID,
                version: config.SERVICE_VERSION,
                directory,
              }),
              builtIn: { timeout: config.REQUEST_TIMEOUT_MS, maxBody: MAX_BODY },
              file: config.GATEWAY_FILE?.file ?? gatewayFile.parse({}),
              now: Date.now,
              random: Math.random,
            }),
          inject: [DIRECTORY, RPC, LOGGER, ACCESS_LOG],
        },
        {
          provide: FOLLOWER,
          useFactory: (routing: Routing, rpc: Rpc, hosts: DirectoryWithHosts, logger: Logger) => {
            const parts = { routing, rpc, hosts, callPolicies: config.CALL_POLICIES_FILE ?? {} };
            const use = (file: GatewayFile): void => putInForce(file, parts);
            use(routing.file);
            const read = config.GATEWAY_FILE;
            return read && new GatewayFileFollower({ read, use, logger, now: Date.now });
          },
          inject: [Routing, RPC, DIRECTORY, LOGGER],
        },
        {
          provide: GATEWAY,
          useFactory: (routing: Routing, logger: Logger, accessLog: AccessLog): Gateway => ({
            routing,
            logger,
            accessLog,
            active: new ActiveRequests(),
            sampleRatio: config.TRACE_SAMPLE_RATIO,
          }),
          inject: [Routing, LOGGER, ACCESS_LOG],
        },
        {
          provide: ADMIN_PAGES,
          useFactory: (routing: Routing, directory: Directory, rpc: Rpc, follower?: GatewayFileFollower) =>
            adminPages({ routing, directory, rpc, file: () => follower?.state }),
          inject: [Routing, DIRECTORY, RPC, FOLLOWER],
        },
      ],
    };
  }

  onModuleInit(): void {
    const { follower } = this;
    this.routing.start();
    this.health.add('routes', async () => {
      if (!this.routing.complete) throw unavailable('The routes are not known yet');
    });
    if (!follower) return;
    follower.start();
    const inForce = async (): Promise<void> => {
      if (follower.state.problem) throw unavailable('The gateway file is refused');
    };
    this.health.add('gateway file', inForce, { required: false });
  }

  async onModuleDestroy(): Promise<void> {
    this.follower?.stop();
    this.routing.stop();
    await this.accessLog.close();
  }
}
