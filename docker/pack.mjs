/**
 * `node docker/pack.mjs APP KIT APART`: writes into the folder KIT what every service needs at run time, and into APART
 * what APP needs beside it. Two folders, so that the images share the layer of the first.
 *
 * Which packages those are is read from package-lock.json: dependencies of dependencies, and peers unless they are optional.
 * npm itself would take optional peers along, and with Prisma's client its whole command line.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Every app starts with it. */
const EVERY_APP = 'libs/service-defaults';

/** Of a package of ours only this is taken. */
const OWN = /^(?:package\.json|dist|prisma|prisma\/(?:migrations|generated)(?:\/.*)?|dist\/.*)$/;

/** What no program reads: maps, types, sources, tests and documents, but every licence. */
const IDLE = /(?:\.map|\.[cm]?ts|\.tsbuildinfo|\.md|\.markdown|\.flow)$|(?:^|\/)(?:__tests__|tests?|docs|examples?)$/i;
const LICENCE = /licen[cs]e|notice|copying/i;

/** What of a package is for others. */
const NOT_OURS = {
  '@bufbuild/cel-spec': /\/testdata$/, // the conformance cases of the language
  // Of the twenty query compilers the one for PostgreSQL, as the generated client loads it.
  '@prisma/client': /^runtime\/(?!client\.m?js$|query_compiler_fast_bg\.postgresql(?:\.wasm-base64)?\.mjs$)/,
  'swagger-ui-dist': /-es-bundle/, // the page takes the plain bundle
};

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** The folder that a package finds another in, by Node's rule: its own node_modules, then those further up. */
function find(from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (path in packages) return path;
    if (folder === '.') return undefined;
  }
}

/** Folders of everything that the package in `folder` loads, itself included, and links. */
function needed(folder, seen = new Set()) {
  if (seen.has(folder)) return seen;
  seen.add(folder);
  const { link, resolved, dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    packages[folder];
  if (link) return needed(resolved, seen);
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
    const path = find(folder, name);
    if (path !== undefined && existsSync(path)) needed(path, seen);
    else if (!optionalDependencies?.[name]) throw new Error(`${folder} needs ${name}, which is not installed`);
  }
  return seen;
}

function copy(folder, to) {
  const own = !folder.includes('node_modules');
  const notOurs = NOT_OURS[folder.replace(/^.*node_modules\//, '')];
  const filter = (source) => {
    const path = relative(folder, source);
    if (path === '' || packages[folder].link) return true;
    if (basename(path) === 'node_modules') return false; // each package in it is copied for itself
    return (!own || OWN.test(path)) && (!IDLE.test(path) || LICENCE.test(basename(path))) && !notOurs?.test(path);
  };
  mkdirSync(dirname(join(to, folder)), { recursive: true });
  cpSync(folder, join(to, folder), { recursive: true, verbatimSymlinks: true, filter });
}

/** npm's list of all packages, cut to those of the image: CycloneDX without time and number, so that equal is equal. */
function billOfMaterials(app, folders) {
  const all = JSON.parse(
    execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], { maxBuffer: 1 << 26 }).toString(),
  );
  const nameOf = (folder) => packages[folder].name ?? folder.replace(/^.*node_modules\//, '');
  const refs = folders.filter((folder) => !packages[folder].link).map((f) => `${nameOf(f)}@${packages[f].version}`);
  const isHere = new Set(refs);
  const own = `@trellis/${app}@${packages[`apps/${app}`].version}`;
  const components = all.components.filter((component) => isHere.has(component['bom-ref']));
  const lacking = refs.filter((ref) => !components.some((component) => component['bom-ref'] === ref));
  if (lacking.length > 0) throw new Error(`npm sbom does not know ${lacking.join(', ')}`);
  const dependencies = all.dependencies
    .filter(({ ref }) => isHere.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => isHere.has(one)) }));
  const component = components.find((one) => one['bom-ref'] === own);
  return {
    ...{ $schema: all.$schema, bomFormat: all.bomFormat, specVersion: all.specVersion, version: 1 },
    metadata: { tools: all.metadata.tools, component: { ...component, type: 'application' } },
    components: components.filter((one) => one !== component),
    dependencies,
  };
}

const [app, kit, apart] = process.argv.slice(2);
const common = needed(EVERY_APP);
const all = needed(`apps/${app}`);
for (const folder of common) copy(folder, kit);
for (const folder of all) if (!common.has(folder)) copy(folder, apart);
// How the service is probed and drained.
cpSync('docker/admin.mjs', join(kit, 'admin.mjs'));
writeFileSync(join(apart, 'sbom.cdx.json'), JSON.stringify(billOfMaterials(app, [...all]), null, 1));
