import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { type DynamicModule, Module } from '@nestjs/common';
import { createLogger } from '@trellis/telemetry';
import { FakeHost } from './fake-host.fixture.js';
import { parseConfig } from './load-config.js';
import type { ServiceOptions, StandaloneOptions } from './service-options.js';
import { startService } from './start-service.js';
import { instanceEnv } from './common-env.js';
import { z } from 'zod';

@Module({})
class NothingModule {}

const log: string[] = [];
const options = (env: object = {}, more: Partial<StandaloneOptions> = {}): ServiceOptions => ({
  name: 'sample',
  standalone: true,
  config: parseConfig(z.object(instanceEnv), { DRAIN_TIMEOUT_MS: '2000', ...env }),
  logger: createLogger({ name: 'sample' }, { write: (line) => void log.push(line) }),
  module: () => NothingModule,
  ...more,
});

describe('startService', () => {
  it.each(['SIGTERM', 'SIGINT', 'disconnect'])('says that it is ready, and ends in order on %s', async (signal) => {
    const process = new FakeHost();
    await startService(options(), process.host);
    expect(process.messages).toEqual([
      { type: 'ready', addresses: { admin: expect.stringMatching(/^127\.0\.0\.1:\d+$/) } },
    ]);
    process.emit(signal);
    expect(await process.exitCode).toBe(0);
  });

  it('ends at once on a second signal', async () => {
    const process = new FakeHost();
    const { module, letGo } = stuckModule();
    await startService(options({}, { module: () => module }), process.host);
    process.emit('SIGINT');
    process.emit('SIGINT');
    expect(await process.exitCode).toBe(1);
    letGo();
  });

  it('ends in order although the parent goes away meanwhile', async () => {
    const process = new FakeHost();
    await startService(options(), process.host);
    process.emit('SIGTERM');
    process.emit('disconnect');
    expect(await process.exitCode).toBe(0);
  });

  it('does not wait for ever for what does not close', async () => {
    const process = new FakeHost();
    const { module, letGo } = stuckModule();
    await startService(options({ DRAIN_TIMEOUT_MS: '0' }, { module: () => module }), process.host);
    process.emit('SIGTERM');
    expect(await process.exitCode).toBe(0);
    expect(log.at(-1)).toContain('ends without it');
    letGo();
  });

  it('names a port that is in use and its variable in one line', async () => {
    const process = new FakeHost();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await startService(options({ ADMIN_PORT: String(port) }), process.host);
    expect(await process.exitCode).toBe(1);
    expect(process.said).toEqual([`Port ${port} is in use: set ADMIN_PORT to another one\n`]);
    other.close();
  });

  it.each(['unhandledRejection', 'uncaughtException'])('logs an %s and exits', async (event) => {
    const process = new FakeHost();
    await startService(options(), process.host);
    process.emit(event, new Error('nobody caught me'));
    expect(await process.exitCode).toBe(1);
    expect(log.at(-1)).toContain('nobody caught me');
    process.emit('SIGTERM');
  });
});

/** A module that does not close before it is let go. */
function stuckModule(): { module: DynamicModule; letGo: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const provider = { provide: 'stuck', useValue: { onModuleDestroy: () => promise } };
  return { module: { module: NothingModule, providers: [provider] }, letGo: resolve };
}
