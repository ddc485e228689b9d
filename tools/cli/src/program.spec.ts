import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FakePlatform, fakePlatform } from './platform.fixture.js';
import { createProgram } from './program.js';
import { target } from './target.js';

describe('the command line', () => {
  let platform: FakePlatform;
  beforeAll(async () => {
    platform = await fakePlatform();
  });
  afterAll(() => platform.stop());

  /** What a command prints, with the stand-in as this folder's platform unless told otherwise. */
  async function run(words: string[], running = true): Promise<string> {
    const printed: string[] = [];
    const here = () =>
      running
        ? { pid: 1, born: '', gatewayUrl: platform.url, jaegerUrl: '', registryUrl: platform.url, clientsFile: '/none' }
        : undefined;
    const program = createProgram(
      (text) => printed.push(text),
      (options) => target(options, here),
    );
    await program.parseAsync(words, { from: 'user' });
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
});
