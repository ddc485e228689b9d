import { type DynamicModule, Module } from '@nestjs/common';
import { UserService } from '@trellis/contracts/user/v1';
import type { Rpc } from '@trellis/rpc';
import { HealthChecks, LOGGER, RPC } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import { Provider } from 'oidc-provider';
import { createAuthorizationServer } from './authorization-server.js';
import type { AuthConfig } from './config.js';
import { Database, openDatabase } from './database.prisma.js';
import { deleteExpired } from './expired-records.prisma.js';
import { ExpiryCleanup } from './expiry-cleanup.js';
import { loadKeys } from './keys.prisma.js';
import { createLogin } from './login.js';
import { LoginThrottle } from './login-throttle.js';
import { OidcRecords } from './oidc-records.prisma.js';
import { passwordCheck } from './password-check.js';
import { serviceTokenMint } from './service-token.js';

@Module({})
export class AuthModule {
  static with(config: AuthConfig): DynamicModule {
    const { ISSUER_URL: issuer, TOKEN_AUDIENCE: audience, AUTH_CLIENTS_FILE: clients } = config;
    return {
      module: AuthModule,
      providers: [
        {
          provide: Database,
          inject: [HealthChecks, LOGGER],
          useFactory: async (health: HealthChecks, logger: Logger) => {
            const database = await openDatabase(config.DATABASE_URL, (line) => logger.info(line));
            health.add('database', () => database.$queryRaw`SELECT 1`);
            return database;
          },
        },
        {
          provide: Provider,
          inject: [Database, RPC, LOGGER],
          useFactory: async (database: Database, rpc: Rpc, logger: Logger) => {
            const keys = await loadKeys(database);
            const serviceToken = serviceTokenMint({ issuer, audience, key: keys.signing[0] });
            const checkPassword = passwordCheck(rpc.client(UserService), serviceToken);
            const login = createLogin({ checkPassword, throttle: new LoginThrottle(), logger });
            const records = (model: string) => new OidcRecords(database, model);
            return await createAuthorizationServer({ issuer, audience, clients, keys, records, login, logger });
          },
        },
        {
          provide: ExpiryCleanup,
          inject: [Database, LOGGER],
          useFactory: (database: Database, logger: Logger) =>
            new ExpiryCleanup(() => deleteExpired(database, new Date()), logger),
        },
      ],
    };
  }
}
