import { Service } from './service.js';
import type { Addresses } from './service-identity.js';
import type { ServiceOptions } from './service-options.js';
import { StartupProblem } from './startup-problem.js';

/** What a parent process is told over IPC when the service takes calls. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly addresses: Addresses;
}

/** The part of `process` that a service uses. */
export type Host = Pick<NodeJS.Process, 'on' | 'exit' | 'send' | 'stderr'>;

/**
 * Runs the service as this process: start → ready → drain. It takes calls when the promise resolves. SIGTERM, SIGINT and
 * the end of the parent (IPC) drain it and exit with code 0; a second signal exits at once. What keeps it from starting
 * is told in one line, with exit code 1.
 */
export async function startService(options: ServiceOptions, host: Host = process): Promise<void> {
  const { logger } = options;
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    host.on(event, (error: unknown) => {
      logger.fatal({ err: error }, event);
      host.exit(1);
    });
  }
  let service: Service | undefined;
  let ending = false;
  const end = (why: string): void => {
    if (ending && why === 'disconnect') return; // a parent that ends its children may itself be gone before they are
    logger.info({ why }, 'asked to end');
    if (ending) host.exit(1);
    ending = true;
    void (service?.drain() ?? Promise.resolve()).then(
      () => host.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'did not end in order');
        host.exit(1);
      },
    );
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) host.on(event, () => end(event));
  try {
    service = new Service(options);
    const addresses = await service.open();
    if (!ending) host.send?.({ type: 'ready', addresses } satisfies ReadyMessage);
  } catch (error) {
    if (ending) return;
    if (error instanceof StartupProblem) host.stderr.write(`${error.message}\n`);
    else logger.fatal({ err: error }, 'could not start');
    host.exit(1);
  }
}
