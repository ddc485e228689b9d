import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { FileProblem, parseConfigFile } from '@trellis/config-file';
import { type GatewayFile, gatewayFile } from './gateway-file.js';

/** Bytes: a thousand routes have some 200 KiB, and the request path waits while the file is read. */
const MAX_SIZE = 1_048_576;

/** A good file as it was read. */
export interface ReadGatewayFile {
  readonly path: string;
  /** SHA-256 in hex of its bytes and of the files that it names. */
  readonly hash: string;
  readonly file: GatewayFile;
}

/** Throws FileProblem with every fault. */
export const readGatewayFile = (path: string): ReadGatewayFile => parseGatewayFile(textOf(path), path);

/** The same for text that is in memory already. */
export function parseGatewayFile(text: string, path: string): ReadGatewayFile {
  // What a full disk or an editor in the middle of its work leaves: to take it would switch every route off.
  if (text.trim() === '') throw new FileProblem(path, [{ path: '', reason: 'is empty: write {} to set nothing' }]);
  return { path, hash: hashOf(text), file: parseConfigFile(gatewayFile, text, path) };
}

/** The file's text. Throws FileProblem when it cannot be read. */
export function textOf(path: string): string {
  try {
    const there = statSync(path);
    if (!there.isFile()) throw new FileProblem(path, [{ path: '', reason: 'is no file' }]); // to read a pipe may never end
    if (there.size > MAX_SIZE) {
      throw new FileProblem(path, [{ path: '', reason: `is too large: at most ${MAX_SIZE} bytes are read` }]);
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new FileProblem(path, [{ path: '', reason: `cannot be read: ${code}` }], { cause: error });
  }
}

/** Of a file's text, and of what stands now in the certificates and secrets that it names. */
export function hashOf(text: string): string {
  const hash = createHash('sha256').update(text);
  for (const path of filesNamedIn(text)) hash.update(`\n${path}\n`).update(contentOf(path));
  return hash.digest('hex');
}

/** Values of the keys that name files. What only looks like one costs a file that is not there, and no more. */
const NAMES_A_FILE = /\b(?:ca|secretFile)["']?[ \t]*:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s,}#"'|>&*-][^\n,}#]*))/g;

const filesNamedIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(NAMES_A_FILE)].map(([, double, single, plain = '']) => double ?? single ?? plain.trim()));

function contentOf(path: string): Buffer | string {
  try {
    const there = statSync(path);
    return there.isFile() && there.size <= MAX_SIZE ? readFileSync(path) : 'none';
  } catch {
    return 'none'; // to say so is for those who read the file in earnest
  }
}
