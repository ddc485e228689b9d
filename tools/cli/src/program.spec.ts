import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters as plain } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { type FakePlatform, fakePlatform } from './platform.fixture.js';
import { createProgram } from './program.js';
import { target } from './target.js';
import type { Screen } from './terminal.js';

describe('the command line', () => {
  let platform: FakePlatform;
  let folder: string;
  let clientsFile: string;
  beforeAll(async () => {
    platform = await fakePlatform();
    folder = mkdtempSync(join(tmpdir(), 'trellis-cli-'));
    clientsFile = join(folder, 'clients.json');
    writeFileSync(clientsFile, JSON.stringify([{ client_id: 'trellis-dev', client_secret: 's3cret' }]));
  });
  afterAll(async () => {
    await platform.stop();
    rmSync(folder, { recursive: true });
  });

  /** A command under way: what it has said, and the stand-in as this folder's platform unless told otherwise. */
  function start(words: string[], { running = true, screen }: { running?: boolean; screen?: Screen } = {}) {
    const printed: string[] = [];
    const notes: string[] = [];
    const enough = new AbortController();
    const { url } = platform;
    const here = () =>
      running
        ? {
            ...{ pid: 1, born: '', gatewayUrl: url, jaegerUrl: '', registryUrl: url, registryGrpc: '', clientsFile },
            control: { url, secret: 'the-secret' },
          }
        : undefined;
    const terminal = {
      print: (text: string) => void printed.push(plain(text)), // CI has colours
      note: (text: string) => void notes.push(plain(text)),
      screen,
      interrupted: () => enough.signal,
    };
    const program = createProgram(terminal, (options) => target(options, here));
    const ended = program.parseAsync(words, { from: 'user' });
    return { printed, notes, ended, interrupt: () => enough.abort() };
  }

  /** What a command prints. */
  async function run(words: string[], running = true): Promise<string> {
    const { printed, ended } = start(words, { running });
    await ended;
    return printed.join('\n');
  }

  it('shows services as a table', async () => {
    const lines = (await run(['services'])).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[3]).toMatch(/blog.*1 of 2.*0\.1\.0.*t\.Blog/);
  });

  it('shows instances as a table, and as JSON for programs', async () => {
    expect(await run(['instances', 'blog'])).toMatch(/blog-1.*SERVING.*127\.0\.0\.1:5000.*77/);
    expect(JSON.parse(await run(['instances', 'blog', '--json']))).toMatchObject({ instances: [{ id: 'blog-1' }] });
  });

  it('prints a token alone', async () => {
    expect(await run(['token', '--username', 'ada', '--password', 'right'])).toBe('the-token');
    expect(await run(['token', '--username', 'ada', '--password', 'right', '--json'])).toBe(
      '{"access_token":"the-token"}',
    );
  });

  it('passes on what the registry says', async () => {
    await expect(run(['instances', 'nope'])).rejects.toThrow('No instance of it has been seen');
  });

  it('says what is missing', async () => {
    await expect(run(['services'], false)).rejects.toThrow(/npm start/);
    await expect(run(['token', '--username', 'ada'])).rejects.toThrow('Give --username and --password together');
    const elsewhere = ['services', '--url', 'http://elsewhere.example'];
    await expect(run(elsewhere)).rejects.toThrow(
      'http://elsewhere.example is not the platform of this folder: give --registry as well',
    );
  });

  it('asks the platform that the options name', async () => {
    expect(await run(['services', '--registry', platform.url, '--json'], false)).toContain('"blog"');
    const token = ['token', '--url', platform.url, '--username', 'ada', '--password', 'right'];
    expect(await run(token, false)).toBe('the-token');
  });

  it('asks for the instances that fit', async () => {
    await run(['instances', 'blog', '--version', '1', '--tag', 'a', '--tag', 'b', '--metadata', 'k=v']);
    expect(platform.asked.at(-1)).toBe('GET /v1/services/blog/instances?version=1&tag=a&tag=b&metadata=k%3Dv');
  });

  it('replaces instances, and tells each step as it happens', async () => {
    const lines = (await run(['rollout', 'blog', '--bake', '0.5'])).split('\n');
    expect(platform.asked.at(-1)).toBe('POST /rollout Bearer the-secret');
    expect(platform.orders.at(-1)).toEqual({ names: ['blog'], bakeMs: 500 });
    expect(lines).toEqual([
      expect.stringMatching(/^blog-1 → blog-1\.2 +starting, out of rotation$/),
      expect.stringMatching(/^blog-1 → blog-1\.2 +replaced in 2\.0 s$/),
      '1 replaced in 2.1 s',
    ]);
    const events = (await run(['rollout', '--all', '--json'])).split('\n');
    expect(events.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { step: 'starting' },
      { step: 'replaced' },
      { step: 'done', replaced: 1 },
    ]);
    expect(platform.orders.at(-1)).toEqual({ names: [] });
  });

  it('fails when a rollout was rolled back, with what and why', async () => {
    platform.behaviour.rollout = [
      { step: 'rolled-back', instance: 'blog-1', next: 'blog-1.2', reason: 'no database' },
      { step: 'failed', reason: 'blog-1 was not replaced, it runs on: no database', replaced: [] },
    ];
    const { printed, ended } = start(['rollout', 'blog']);
    await expect(ended).rejects.toThrow('blog-1 was not replaced, it runs on: no database');
    expect(printed).toEqual([
      expect.stringContaining('rolled back: blog-1 runs on. no database'),
      'Nothing was replaced',
    ]);
    platform.behaviour.rollout = [];
    await expect(run(['rollout', 'blog'])).rejects.toThrow('The launcher ended before the rollout did');
    delete platform.behaviour.rollout;
  });

  it('replaces only what was named, of the platform of this folder', async () => {
    await expect(run(['rollout'])).rejects.toThrow('Say which services, or --all');
    await expect(run(['rollout', 'blog', '--all'])).rejects.toThrow('Say which services, or --all');
    await expect(run(['rollout', 'blog'], false)).rejects.toThrow('Only a platform that npm start runs');
    await expect(run(['rollout', 'blog', '--url', 'http://elsewhere.example'])).rejects.toThrow('from this folder');
  });

  it("takes an instance out and puts it back, by its id and with an operator's token", async () => {
    expect(await run(['drain', 'blog-1'])).toBe('blog-1 of blog is DRAINING now');
    expect(platform.asked.at(-1)).toBe('POST /v1/services/blog/instances/blog-1:drain Bearer the-token');
    expect(platform.tokenRequests.at(-1)).toMatchObject({ grant_type: 'client_credentials', scope: 'registry:admin' });
    expect(await run(['undrain', 'blog-1'])).toBe('blog-1 of blog is SERVING now');
    await expect(run(['drain', 'blog-7'])).rejects.toThrow('No instance is called blog-7. There are: blog-1');
  });

  it('shows contracts, and admits the one whose hash begins as told', async () => {
    const lines = await run(['contracts']);
    expect(lines).toMatch(/ab3400000000 .*0\.2\.0.*waits for approval:/);
    expect(lines).toMatch(/ab1200000000 .*0\.1\.0.*admitted/);
    expect(await run(['contracts', 'approve', 'AB3'])).toMatch(/ab3400000000 .*admitted/);
    expect(platform.asked.at(-1)).toMatch(/^POST \/v1\/contracts\/ab340{60}:approve Bearer the-token$/);
    await expect(run(['contracts', 'approve', 'ab'])).rejects.toThrow(/^Several contracts begin with ab: ab34/);
    await expect(run(['contracts', 'approve', 'cd'])).rejects.toThrow(/^No contract begins with cd\./);
  });

  it('makes a credential and prints it alone', async () => {
    const file = join(folder, 'credentials.json');
    await expect(run(['credential', 'mailer', '--file', file])).rejects.toThrow(`There is no ${file}. Start`);
    writeFileSync(file, '[]');
    const words = ['credential', 'mailer', '--package', 'acme.mail', '--package', 'acme.post', '--file', file];
    const { printed, notes, ended } = start(words);
    await ended;
    expect(printed).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(notes).toEqual([expect.stringMatching(/shown this once/)]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject([{ packages: ['acme.mail', 'acme.post'] }]);
    await expect(run(words)).rejects.toThrow('mailer has a credential already. Give --replace');
    expect(await run([...words, '--replace', '--json'])).toContain('"credential"');
  });

  it('shows the routes of a gateway, and what is wrong with its file', async () => {
    const text = await run(['gateway', 'routes']);
    expect(text).toMatch(
      /blog\.example\.com.*GET.*\/get_post.*header x-canary is "yes".*method t\.Blog\/GetPost.*file/,
    );
    expect(text).toMatch(/any .*\/x.*blog 0\.1\.0 has no t\.Blog\/GetX\ufffd\[2J/);
    expect(text).toMatch(/gateway\.yaml is refused since 1970.*\n.*gateway\.yaml:3 routes\.0: has no target$/);
    expect(JSON.parse(await run(['gateway', 'routes', '--json']))).toMatchObject({ complete: true });
  });

  it('says which route a request takes, and why', async () => {
    const words = ['gateway', 'routes', 'get', 'http://blog.example.com/get_post?id=7', '--header', 'x-canary:yes'];
    const lines = (await run(words)).split('\n');
    expect(platform.asked.at(-1)).toBe(
      'GET /routes?method=get&url=http%3A%2F%2Fblog.example.com%2Fget_post%3Fid%3D7&header=x-canary%3Ayes',
    );
    expect(lines[0]).toBe('GET http://blog.example.com/get_post?id=7 takes');
    expect(lines).toContainEqual('Variables: id=7');
    expect(lines).toContainEqual(expect.stringMatching(/requestId.*as built in/));
    expect(lines).toContainEqual(expect.stringMatching(/timeout.*2000.*route/));
    expect(lines).toContainEqual('Instances, by random: blog-1 (127.0.0.1:5000, 0.1.0)');
    expect(lines).toContainEqual(expect.stringMatching(/\/\*\*.*fits too, but its path is less specific/));
    expect(await run(['gateway', 'routes', 'GET', '/nowhere', '--admin', platform.url], false)).toBe(
      'GET /nowhere is answered with 404: no route takes it.',
    );
    await expect(run(['gateway', 'routes', 'GET'])).rejects.toThrow('Give a method and a URL');
  });

  it('checks a gateway.yaml without a platform', async () => {
    const file = join(folder, 'gateway.yaml');
    writeFileSync(
      file,
      'routes: [{ path: /shop/**, service: shop, timeout: 2s }]\nupstreams: { shop: { readTimeout: 3s } }\n',
    );
    expect(await run(['gateway', 'check', file], false)).toMatch(
      /any.*\*.*\/shop\/\*\*.*service shop.*timeout[^]*shop.*registered.*readTimeout 3000 ms/,
    );
    writeFileSync(file, 'routes:\n  - path: /x\n    servce: shop\n');
    await expect(run(['gateway', 'check', file], false)).rejects.toThrow(
      /gateway\.yaml:3 routes\.0\.servce: no such key/,
    );
    expect(JSON.parse(await run(['gateway', 'schema'], false))).toMatchObject({ type: 'object' });
  });

  describe('watch', () => {
    const instance = (id: string, state: string) => ({ id, service: 'blog', version: '1', address: 'h:1', state });
    const snapshot = (epoch: string, ...instances: object[]) => ({ epoch, snapshot: { instances } });
    const watchers = () => platform.asked.filter((one) => one.includes(':watch')).length;

    /** Follows the stand-in's events, from the first one on. */
    async function watch(words: string[], screen?: Screen) {
      const before = watchers();
      const command = start(words, { ...(screen && { screen }) });
      await eventually(() => expect(watchers()).toBe(before + 1));
      return command;
    }

    it('says so when nobody is there yet', async () => {
      const { printed, notes, ended, interrupt } = await watch(['watch', 'blog']);
      platform.tell('e1:1', snapshot('e1'));
      platform.tell('e1:2', { epoch: 'e1', joined: instance('blog-1', 'STATE_SERVING') });
      await eventually(() => expect(printed).toHaveLength(1));
      expect(notes).toEqual(['No instance is listed.']);
      interrupt();
      await ended;
    });

    it('tells what happens line by line, and goes on where it was when the registry was lost', async () => {
      const { printed, notes, ended, interrupt } = await watch(['watch', 'blog']);
      platform.tell('e1:1', snapshot('e1', instance('blog-1', 'STATE_SERVING')));
      platform.tell('e1:2', { epoch: 'e1', revision: '2', changed: instance('blog-1', 'STATE_SUSPECT') });
      await eventually(() => expect(printed).toHaveLength(2));
      platform.hangUp();
      await eventually(() => expect(platform.asked.at(-1)).toBe('GET /v1/services/blog/instances:watch e1:2'));
      platform.tell('e1:3', { epoch: 'e1', left: { id: 'blog-1', service: 'blog', reason: 'session lost' } });
      await eventually(() => expect(printed).toHaveLength(3));
      interrupt();
      await ended;
      expect(printed).toEqual([
        expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} {2}listed {3}blog-1 +SERVING$/),
        expect.stringMatching(/changed {2}blog-1 +SUSPECT +SERVING → SUSPECT$/),
        expect.stringMatching(/left {5}blog-1 +SUSPECT +session lost$/),
      ]);
      expect(notes).toEqual(['The registry is lost, trying again.', 'The registry is back.']);
    });

    it('says what is different, and not that an instance looks the same', async () => {
      const { printed, ended, interrupt } = await watch(['watch', 'blog']);
      const one = { ...instance('blog-1', 'STATE_SERVING'), metadata: { pid: '7', start_time: 'then' } };
      const next = { ...one, version: '2', tags: ['canary'], metadata: { pid: '8', start_time: 'now' } };
      platform.tell('e1:1', snapshot('e1', one));
      platform.tell('e1:2', { epoch: 'e1', changed: next });
      platform.tell('e2:1', snapshot('e2', next));
      platform.tell('e2:2', { epoch: 'e2', joined: instance('blog-2', 'STATE_PENDING') });
      await eventually(() => expect(printed).toHaveLength(3));
      interrupt();
      await ended;
      expect(printed[1]).toMatch(/version 1 → 2, tags none → canary, pid 7 → 8$/);
      expect(printed[2]).toMatch(/joined {3}blog-2 +PENDING$/);
    });

    it('prints an event per line for programs', async () => {
      const { printed, ended, interrupt } = await watch(['watch', '--json']);
      expect(platform.asked.at(-1)).toBe('GET /v1/instances:watch');
      const event = snapshot('e1', instance('blog-1', 'STATE_SERVING'));
      platform.tell('e1:1', event);
      await eventually(() => expect(printed).toEqual([JSON.stringify(event)]));
      interrupt();
      await ended;
    });

    it('draws the list anew on a screen, with what happened above it', async () => {
      const said: string[] = [];
      const screen: Screen = {
        draw: (text) => void said.push(plain(text)),
        append: (text) => void said.push(plain(text)),
        end: () => void said.push('end'),
      };
      const { ended, interrupt } = await watch(['watch', 'blog'], screen);
      platform.tell('e1:1', snapshot('e1', instance('blog-1', 'STATE_SERVING')));
      platform.tell('e1:2', { epoch: 'e1', changed: instance('blog-1', 'STATE_DRAINING') });
      platform.tell('e2:1', snapshot('e2'));
      await eventually(() => expect(said).toHaveLength(5));
      interrupt();
      await ended;
      expect(said).toEqual([
        expect.stringMatching(/blog-1.*SERVING/),
        expect.stringMatching(/changed .*SERVING → DRAINING$/),
        expect.stringMatching(/blog-1.*DRAINING/),
        expect.stringMatching(/missing .*has not heard of it$/),
        'No instance is listed.',
        'end',
      ]);
    });

    it('says what is wrong when there is no registry, or no such way', async () => {
      const nowhere = ['watch', '--registry', 'http://127.0.0.1:1'];
      await expect(run(nowhere, false)).rejects.toThrow(/^Nothing answers at http:\/\/127\.0\.0\.1:1\..*npm start/);
      await expect(run(['watch', 'nope'])).rejects.toThrow('No instance of it has been seen');
    });
  });
});
