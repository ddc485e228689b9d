import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const SERVICE = 'a service is called by small letters, digits and dashes, such as "mailer"';
const PACKAGE = 'a proto package is written as "acme.mail"';

const schema = z.array(
  z.object({
    service: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, SERVICE),
    packages: z.array(z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/, PACKAGE)),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
);

/** What the registry knows of a credential: the service that it announces, the proto packages of its contracts, its hash. */
export type KnownCredential = z.infer<typeof schema>[number];

export interface NewCredential {
  readonly service: string;
  /** Proto packages of the contracts that it may announce. Absent: those of the one that it replaces, else none. */
  readonly packages?: readonly string[];
  /** Whether one that the service has already is to end. Else it is an error. */
  readonly replace?: boolean;
}

/** 256 bits, as safe in a URL as in a header. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const known = (service: string, packages: readonly string[], credential: string): KnownCredential => ({
  service,
  packages: [...packages],
  sha256: createHash('sha256').update(credential).digest('hex'),
});

/** The file's entries; none when there is no file. Throws when it holds something else. */
export function readCredentials(path: string): KnownCredential[] {
  if (!existsSync(path)) return [];
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new Error(`${path} is no file of credentials`); // why is left out: a parser's message quotes the file
  }
}

/** Replaces the file as a whole: the registry reads it when it changes. Its permissions stay. */
export function writeCredentials(path: string, credentials: readonly KnownCredential[]): void {
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o600;
  replaceFile(path, `${JSON.stringify(schema.parse(credentials), null, 2)}\n`, mode);
}

/**
 * Makes a credential and adds it to the file; the registry takes it a second later. What is returned is written nowhere,
 * but where the service reads its own from a file beside this one, which gets the new one. Throws an Error for people.
 */
export function addCredential(path: string, { service, packages, replace = false }: NewCredential): string {
  const before = readCredentials(path);
  const old = before.find((one) => one.service === service);
  if (old && !replace) {
    throw new Error(`${service} has a credential already. Give --replace to end that one and make another.`);
  }
  const credential = newSecret();
  const entry = schema.element.safeParse(known(service, packages ?? old?.packages ?? [], credential));
  if (!entry.success) throw new Error(entry.error.issues.map(({ message }) => message).join('; '));
  writeCredentials(path, [...before.filter((one) => one.service !== service), entry.data]);
  const own = credentialFileIn(dirname(path), service);
  if (existsSync(own)) replaceFile(own, credential, statSync(own).mode & 0o777);
  return credential;
}

/** The credential of a service beside the registry's file; made where there is none, and taken by the registry a second later. */
export function keptCredential(path: string, service: string): string {
  const file = credentialFileIn(dirname(path), service);
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const there = readCredentials(path).find((one) => one.service === service);
  if (kept !== undefined && there?.sha256 === known(service, [], kept).sha256) return kept;
  const credential = addCredential(path, { service, packages: [], replace: true });
  replaceFile(file, credential, 0o600);
  return credential;
}

/** Where a service of this platform reads its credential. */
export const credentialFileIn = (folder: string, service: string): string => join(folder, `${service}.credential`);

function replaceFile(path: string, text: string, mode: number): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}
