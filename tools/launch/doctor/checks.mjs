/**
 * What would keep `npm start` from working, or would hurt. Each check takes what `machine.config.mjs` has gathered and returns `ok`,
 * `warn` or `fail` with what was found and, unless all is well, how to mend it. `fail`: the start would fail.
 */

const GB = 1024 ** 3;
/** Ten processes of Node and PostgreSQL, after some minutes: 1.6 GB; the same while they start. */
const MEMORY = { fail: 1 * GB, warn: 2 * GB };
/** PostgreSQL's cluster, Kafka's log and the logs begin with 60 MB and grow with what is written. */
const DISK = { fail: 0.3 * GB, warn: 2 * GB };

const ok = (found) => ({ level: 'ok', found });
const warn = (found, mend) => ({ level: 'warn', found, mend });
const fail = (found, mend) => ({ level: 'fail', found, mend });
const size = (bytes) => `${(bytes / GB).toFixed(1)} GB`;

export const CHECKS = {
  Node: node,
  system,
  packages,
  memory,
  disk,
  'data folder': dataFolder,
  platform,
  ports,
  PostgreSQL: postgres,
  Docker: docker,
};

function node({ node: version, system: name }) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 11)) return ok(version);
  const mend =
    name === 'linux' ? 'npm ci brings Node 24 along; run this through npm' : 'install Node >= 24.11 (.nvmrc)';
  return fail(`${version}, and Trellis needs 24.11`, mend);
}

function system({ system: name, glibc, cores }) {
  const found = [name === 'linux' ? `Linux with glibc ${glibc}` : name, `${cores} cores`].join(', ');
  if (name === 'linux' && glibc === undefined)
    return fail('Linux without glibc', 'use an image with glibc, such as Debian');
  if (name !== 'linux' && name !== 'darwin') return fail(name, 'use Linux, macOS, or WSL 2 on Windows');
  if (cores < 2) return warn(found, 'ten processes share it: give the machine two');
  return ok(found);
}

/** Whether node_modules holds what package-lock.json says; what is for other machines may be missing. */
function packages({ lock, installed, hasLink }) {
  if (!lock) return fail('package-lock.json is missing or broken', 'git checkout package-lock.json');
  if (!installed) return fail('node_modules is missing', 'npm ci');
  const wanted = Object.entries(lock.packages).filter(
    ([path, { optional }]) => path.startsWith('node_modules/') && !optional,
  );
  const wrong = wanted.flatMap(([path, { version, link }]) =>
    (link ? hasLink(path) : installed.packages[path]?.version === version) ? [] : [path.slice('node_modules/'.length)],
  );
  if (wrong.length === 0) return ok(`${wanted.length} as the lock file says`);
  return fail(
    `${wrong.length} not as the lock file says: ${wrong.slice(0, 3).join(', ')}${wrong.length > 3 ? ' …' : ''}`,
    'npm ci',
  );
}

function memory({ memory: bytes }) {
  const found = `${size(bytes)} available`;
  if (bytes < MEMORY.fail) return fail(found, `end something else: the platform takes ${size(MEMORY.warn)}`);
  if (bytes < MEMORY.warn) return warn(found, 'npm start -- --replicas blog=1 --replicas user=1 takes less');
  return ok(found);
}

function disk({ disk: bytes, dataFolder: folder }) {
  const found = `${size(bytes)} free for ${folder}`;
  const mend = 'make room, or set TRELLIS_DATA_DIR in .env to a folder on another disk';
  return bytes < DISK.fail ? fail(found, mend) : bytes < DISK.warn ? warn(found, mend) : ok(found);
}

function dataFolder({ dataFolder: folder, writable, temporary }) {
  if (!temporary.writable) return fail(`${temporary.path} cannot be written`, 'set TMPDIR to a folder that can');
  if (writable) return ok(folder);
  return warn(
    `${folder} cannot be written`,
    `nothing: the data goes to ${temporary.path}; or set TRELLIS_DATA_DIR in .env`,
  );
}

function platform({ platform: { launcher, others } }) {
  if (launcher) return fail(`runs already (pid ${launcher.pid})`, 'use that one, or end it with Ctrl-C first');
  if (others.length === 0) return ok('none runs');
  return warn(`${others.map(({ name }) => name).join(', ')} left behind`, 'nothing: the next start ends them');
}

function ports({ ports: wanted, platform: { launcher } }) {
  const bad = wanted.find(({ value }) => !/^\d{1,5}$/.test(value) || Number(value) > 65_535);
  if (bad)
    return fail(`${bad.variable} is ${bad.value}`, `set ${bad.variable} to a port from 0 to 65535; 0 takes a free one`);
  const taken = wanted.filter(({ free }) => !free);
  const all = wanted.map(({ value }) => (value === '0' ? 'any' : value)).join(' and ');
  if (taken.length === 0) return ok(`${all} are free`);
  if (launcher) return ok('in use by the platform that runs');
  const mend = `end what uses it, or set ${taken.map(({ variable }) => variable).join(' and ')} in .env to another one (0: any)`;
  return fail(`${taken.map(({ value, what }) => `${value} for ${what}`).join(' and ')} in use`, mend);
}

function postgres({ postgres: server, root, accounts }) {
  if (!server) return fail('npm has installed none for this machine', 'npm ci, without --omit=optional');
  if (root && !/^(?:postgres|nobody):/m.test(accounts)) {
    return fail('does not run as root, and there is no account postgres or nobody', 'run npm start as somebody else');
  }
  if (server.missingLinks > 0) {
    if (server.writable) return ok(`${server.missingLinks} links are missing: the start makes them`);
    return fail(`${server.missingLinks} links are missing and cannot be made`, 'npm ci as the owner of this folder');
  }
  if (!server.works)
    return fail(`cannot run: ${server.says}`, 'npm ci; on a small image apt-get install the library that it names');
  return ok(root ? `${server.says}, not as root` : server.says);
}

function docker({ docker: version }) {
  if (version) return ok(version);
  return warn('none that answers', 'nothing for npm start; docker compose needs a Docker engine');
}
