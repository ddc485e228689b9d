import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Logger } from '@trellis/telemetry';
import { eventually } from '@trellis/testing';
import { CredentialsFile } from './credentials-file.js';
import { TestCredentials } from '../registry.fixture.js';

describe('CredentialsFile', () => {
  let credentials: TestCredentials;
  let file: CredentialsFile;
  const lines: string[] = [];
  const note = (_facts: object, message: string) => void lines.push(message);

  beforeEach(() => {
    lines.length = 0;
    credentials = new TestCredentials();
    file = new CredentialsFile(credentials.path, { info: note, error: note } as unknown as Logger);
    file.watch();
  });
  afterEach(() => {
    file.close();
    credentials.remove();
  });

  it('is read again when it changes', async () => {
    const renewed = 'r'.repeat(43);
    credentials.write({ blog: renewed });
    await eventually(() => expect(file.grantOf(`Bearer ${renewed}`).service).toBe('blog'));
    expect(() => file.grantOf(`Bearer ${credentials.blog}`)).toThrow('does not know');
  });

  it('that turns bad is refused, and what was read before stays', async () => {
    writeFileSync(credentials.path, `[{ "service": "blog", "secret": `);
    await eventually(() => expect(lines).toEqual([expect.stringContaining('cannot be used')]));
    expect(file.grantOf(`Bearer ${credentials.blog}`).service).toBe('blog');
  });
});
