import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '@trellis/launch';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployment } from './deployment.js';

interface Image {
  readonly Config: {
    readonly User: string;
    readonly Cmd: readonly string[];
    readonly Healthcheck: { readonly Test: readonly string[] };
    readonly Labels: Readonly<Record<string, string>>;
    readonly Env: readonly string[];
  };
  readonly RootFS: { readonly Layers: readonly string[] };
}

interface Bill {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly { readonly 'bom-ref': string }[];
}

const MOST_MEGABYTES = 180;

/** Prints every file above the base. */
const LIST = `console.log(require('fs').readdirSync('/trellis', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map(({ parentPath, name }) => parentPath + '/' + name).join('\\n'))`;

describe.each(Object.keys(deployment.sizes))('the image %s', (name) => {
  const { run } = deployment.compose;
  const inside = (script: string) =>
    run(['docker', 'run', '--rm', '--read-only', '--network=none', name, 'node', '-e', script]);
  let image: Image;
  let files: readonly string[];

  beforeAll(async () => {
    image = (JSON.parse(await run(['docker', 'image', 'inspect', name])) as [Image])[0];
    files = (await inside(LIST)).trim().split('\n');
  });

  it('is small', () => {
    const size = deployment.sizes[name] ?? NaN;
    console.log(`${name}: ${size.toFixed(1)} MB above the base, ${files.length} files`);
    expect(size).toBeGreaterThan(5);
    expect(size).toBeLessThan(MOST_MEGABYTES);
  });

  it('needs no root and no shell', () => {
    const { User, Cmd, Healthcheck } = image.Config;
    expect(User).toBe('1000:1000');
    expect([Cmd[0], ...Healthcheck.Test.slice(0, 2)]).toEqual(['node', 'CMD', 'node']);
  });

  it('holds neither maps, sources and tests nor compilers for databases that nobody uses', () => {
    expect(files.filter((file) => /\.(?:map|ts)$|\/node_modules\/prisma\/|\.spec\.js$|\/\.env$/.test(file))).toEqual(
      [],
    );
    const compilers = files.filter((file) => /query_compiler.*wasm-base64/.test(file));
    expect(compilers.filter((file) => !file.includes('.postgresql.'))).toEqual([]);
  });

  it('has a bill of materials that names exactly what is there', async () => {
    const bill = JSON.parse(
      await inside(`console.log(require('fs').readFileSync('/trellis/sbom.cdx.json', 'utf8'))`),
    ) as Bill;
    const there = JSON.parse(
      await inside(`console.log(JSON.stringify(${JSON.stringify(files.filter(isManifest))}
        .map((file) => JSON.parse(require('fs').readFileSync(file))).map(({ name, version }) => name + '@' + version)))`),
    ) as readonly string[];
    const named = [bill.metadata.component, ...bill.components].map((component) => component['bom-ref']);
    expect(named.toSorted()).toEqual([...new Set(there)].toSorted());
    expect(named.length).toBeGreaterThan(50);
  });

  it('says what it is, and no secret', () => {
    const { Labels, Env } = image.Config;
    expect(Labels).toMatchObject({
      'org.opencontainers.image.title': name.replace('/', ' '),
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': expect.any(String),
    });
    expect(Env.filter((entry) => /PASSWORD|SECRET|CREDENTIAL|TOKEN|DATABASE/.test(entry))).toEqual([]);
  });
});

describe('the images together', () => {
  it('share every layer but the last ones', async () => {
    const names = Object.keys(deployment.sizes);
    const images = JSON.parse(await deployment.compose.run(['docker', 'image', 'inspect', ...names])) as Image[];
    const [first, ...others] = images.map(({ RootFS }) => RootFS.Layers);
    const shared = first?.filter((layer) => others.every((layers) => layers.includes(layer))) ?? [];
    console.log(`${shared.length} of ${first?.length} layers are shared`);
    expect(shared.length).toBeGreaterThanOrEqual((first?.length ?? 0) - 2);
  });

  it('can be built for other platforms: nothing runs in the last stage', () => {
    const stages = readFileSync(join(root, 'docker/service.Dockerfile'), 'utf8').split(/^(?=FROM )/m);
    expect(stages.at(-1)).not.toMatch(/^RUN /m);
    expect(stages.slice(1, -1).filter((stage) => !/^FROM (?:--platform=\$BUILDPLATFORM|build) /.test(stage))).toEqual(
      [],
    );
  });
});

/** A package's own package.json, not one that only says "module" in a folder of it. */
const isManifest = (file: string): boolean =>
  /\/(?:node_modules\/(?:@[^/]+\/)?[^/]+|\/trellis\/(?:apps|libs)\/[^/]+|(?:apps|libs)\/[^/]+)\/package\.json$/.test(
    file,
  );
