import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Directory } from '@trellis/discovery';
import { unavailable } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import { type TokenVerifier, createTokenVerifier } from '@trellis/security';
import { DIRECTORY, HealthChecks, LOGGER, RPC } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import type { Config } from './config.js';
import { createDataPlane } from './data-plane/data-plane.js';
import { HttpProxy } from './data-plane/http-proxy.js';
import { RouteFollower } from './data-plane/route-follower.js';

/** Injection token of the public HTTP server. */
export const DATA_PLANE = Symbol('data plane');

const VERIFIER = Symbol('TokenVerifier');

/** The largest body of a request, in bytes. */
const MAX_BODY = 1_048_576;

@Module({})
export class GatewayModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(RouteFollower) private readonly routes: RouteFollower,
    @Inject(HealthChecks) private readonly health: HealthChecks,
  ) {}

  static for(config: Config): DynamicModule {
    return {
      module: GatewayModule,
      providers: [
        {
          provide: RouteFollower,
          useFactory: (directory: Directory, logger: Logger) => new RouteFollower({ directory, logger }),
          inject: [DIRECTORY, LOGGER],
        },
        {
          provide: HttpProxy,
          useFactory: (rpc: Rpc) =>
            new HttpProxy({ rpc, service: 'auth', publicUrl: config.ISSUER_URL, maxBody: MAX_BODY }),
          inject: [RPC],
        },
        {
          provide: VERIFIER,
          useFactory: () =>
            createTokenVerifier({
              issuer: config.ISSUER_URL,
              audience: config.TOKEN_AUDIENCE,
              jwksUrl: config.JWKS_URL,
            }),
        },
        {
          provide: DATA_PLANE,
          useFactory: (routes: RouteFollower, auth: HttpProxy, verifier: TokenVerifier, rpc: Rpc, logger: Logger) =>
            createDataPlane({
              routes,
              auth,
              verifier,
              rpc,
              logger,
              limits: { requestTimeoutMs: config.REQUEST_TIMEOUT_MS, maxBody: MAX_BODY },
            }),
          inject: [RouteFollower, HttpProxy, VERIFIER, RPC, LOGGER],
        },
      ],
    };
  }

  onModuleInit(): void {
    this.routes.start();
    this.health.add('routes', async () => {
      if (!this.routes.table.complete) throw unavailable('The routes are not known yet');
    });
  }

  onModuleDestroy(): void {
    this.routes.stop();
  }
}
