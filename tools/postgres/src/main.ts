import { readConfig } from './config.js';
import { PortInUse, type Postgres, startPostgres } from './start-postgres.js';

/** What the launcher is told over IPC once connections are taken. */
export interface Ready {
  readonly type: 'ready';
  readonly addresses: { readonly postgres: string };
  readonly dataDir: string;
  /** Connection string of the superuser for the database `postgres`. It holds the password: not for logs. */
  readonly url: string;
}

let postgres: Postgres | undefined;
let ending = false;
const end = (): void => {
  ending = true; // while it starts, once it has: a server half started would be left behind
  postgres?.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once('SIGTERM', end).once('SIGINT', end).once('disconnect', end);

try {
  postgres = await startPostgres({ ...readConfig(), log: (line) => console.log(line) });
  void postgres.exited.then(() => ending || process.exit(1)); // by itself: the launcher starts it again
  const ready: Ready = {
    type: 'ready',
    addresses: { postgres: `127.0.0.1:${postgres.port}` },
    dataDir: postgres.dataDir,
    url: postgres.url('postgres'),
  };
  if (ending) end();
  else process.send?.(ready);
} catch (error) {
  const hint = error instanceof PortInUse ? ': set POSTGRES_PORT to another one' : '';
  console.error(`${error instanceof Error ? error.message : String(error)}${hint}`);
  process.exit(1);
}
