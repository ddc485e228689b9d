import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a build reads, its own scripts among it. The rest of the root (documentation, docker) does not matter to it. */
const INPUTS = [
  'apps',
  'libs',
  'tools',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'nx.json',
  'buf.yaml',
  'buf.gen.yaml',
];
const LEFT_OUT = new Set(['node_modules', 'coverage', 'out-tsc']);
/** Folders that a build writes. */
const RESULTS = new Set(['dist', 'gen', 'generated', 'third_party']);

/** In node_modules, so that `npm ci` makes the next start build. */
const stampOf = (root) => join(root, 'node_modules/.cache/trellis-build');

/** Whether nothing has changed since the last complete build: then nx and tsc need not even be asked. */
export function isUpToDate(root) {
  try {
    return readFileSync(stampOf(root), 'utf8') === sourcesOf(root) + resultsOf(root);
  } catch {
    return false; // no stamp, or a file that went away while we looked: a build finds out
  }
}

/** To be called after a complete build, with the sources as they were before it: what was edited meanwhile is not in it. */
export function stampBuild(root, sources) {
  mkdirSync(dirname(stampOf(root)), { recursive: true });
  writeFileSync(stampOf(root), sources + resultsOf(root));
}

/** Names, sizes and times of all that a build reads, as one hash. Some 20 ms. */
export const sourcesOf = (root) => hashOf(root, (inResults) => !inResults);

/** The same of what it writes: of dist only what tsc remembers, so that a deleted dist is built again. */
const resultsOf = (root) =>
  hashOf(root, (inResults, path) => inResults && (!path.includes('/dist/') || path.endsWith('.tsbuildinfo')));

function hashOf(root, counts) {
  const hash = createHash('sha256').update(process.version);
  const add = (path, inResults) => {
    const stat = statSync(path);
    if (!stat.isDirectory()) {
      if (counts(inResults, path)) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(path).sort()) {
      if (!LEFT_OUT.has(name)) add(join(path, name), inResults || RESULTS.has(name));
    }
  };
  for (const input of INPUTS) add(join(root, input), false);
  return hash.digest('hex');
}
