import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { platform } from './platform.js';

/** A connection to a service's database past the service. It ends with the block that it was opened in. */
export async function database(name: string): Promise<pg.Client & AsyncDisposable> {
  const postgres = platform.status().find(({ service }) => service === 'postgres');
  const [host = '', port] = postgres?.addresses['postgres']?.split(':') ?? [];
  const password = readFileSync(join(postgres?.dataDir ?? '', 'superuser-password'), 'utf8');
  const client = new pg.Client({ host, port: Number(port), user: 'postgres', password, database: name });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
