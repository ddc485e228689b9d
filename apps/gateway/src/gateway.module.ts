import { type DynamicModule, Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Directory } from '@trellis/discovery';
import { unavailable } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import { createTokenVerifier } from '@trellis/security';
import { DIRECTORY, HealthChecks, LOGGER, RPC } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import type { Config } from './config.js';
import type { Gateway } from './data-plane/gateway.js';
import { Routing } from './data-plane/routing/routing.js';
import { referencePages } from './reference/reference-pages.js';
import { gatewayFile } from './file/gateway-file.js';

/** Injection token of what the public HTTP server works with. */
export const GATEWAY = Symbol('Gateway');

/** The largest body of a request, in bytes. */
const MAX_BODY = 1_048_576;

@Module({})
export class GatewayModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(Routing) private readonly routing: Routing,
    @Inject(HealthChecks) private readonly health: HealthChecks,
  ) {}

  static for(config: Config): DynamicModule {
    return {
      module: GatewayModule,
      providers: [
        {
          provide: Routing,
          useFactory: (directory: Directory, rpc: Rpc, logger: Logger) =>
            new Routing({
              directory,
              rpc,
              logger,
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
              file: gatewayFile.parse({}),
              now: Date.now,
              random: Math.random,
            }),
          inject: [DIRECTORY, RPC, LOGGER],
        },
        {
          provide: GATEWAY,
          useFactory: (routing: Routing, logger: Logger): Gateway => ({
            routing,
            logger,
            sampleRatio: config.TRACE_SAMPLE_RATIO,
          }),
          inject: [Routing, LOGGER],
        },
      ],
    };
  }

  onModuleInit(): void {
    this.routing.start();
    this.health.add('routes', async () => {
      if (!this.routing.complete) throw unavailable('The routes are not known yet');
    });
  }

  onModuleDestroy(): void {
    this.routing.stop();
  }
}
