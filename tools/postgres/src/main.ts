import { readConfig } from './config.js';
import { PortInUse, startPostgres } from './start-postgres.js';

/** What the launcher is told over IPC once connections are taken. */
export interface Ready {
  readonly type: 'ready';
  readonly addresses: { readonly postgres: string };
  readonly dataDir: string;
  /** Connection string of the superuser for the database `postgres`. It holds the password: not for logs. */
  readonly url: string;
}

try {
  const { dataDir, port } = readConfig();
  const postgres = await startPostgres({ dataDir, port, log: (line) => console.log(line) });
  const end = (): void => {
    postgres.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end).once('SIGINT', end).once('disconnect', end);
  void postgres.exited.then(() => process.exit(1)); // by itself: the launcher starts it again
  process.send?.({
    type: 'ready',
    addresses: { postgres: `127.0.0.1:${postgres.port}` },
    dataDir: postgres.dataDir,
    url: postgres.url('postgres'),
  } satisfies Ready);
} catch (error) {
  const hint = error instanceof PortInUse ? ': set POSTGRES_PORT to another one' : '';
  console.error(`${error instanceof Error ? error.message : String(error)}${hint}`);
  process.exit(1);
}
