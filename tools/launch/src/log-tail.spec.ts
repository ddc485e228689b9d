import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogTail, inOrder } from './log-tail.js';

describe('the tail of a log', () => {
  let folder: string;
  let path: string;
  const entry = (second: number, msg: string) =>
    `{"level":"info","time":"2026-11-21T07:44:0${second}.000Z","msg":"${msg}"}\n`;
  const texts = (tail: LogTail) => tail.read().map(({ text }) => /"msg":"(.*)"/.exec(text)?.[1] ?? text);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-logs-'));
    path = join(folder, 'blog-1.log');
    writeFileSync(path, entry(1, 'one') + entry(2, 'two'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('begins with the last whole lines and goes on with what is appended, halves of lines included', () => {
    const tail = new LogTail('blog-1', path, entry(2, 'two').length + 5);
    expect(texts(tail)).toEqual(['two']);
    appendFileSync(path, entry(3, 'three').slice(0, 20));
    expect(texts(tail)).toEqual([]);
    appendFileSync(path, entry(3, 'three').slice(20));
    expect(texts(tail)).toEqual(['three']);
  });

  it('begins at the start when all is wanted, and goes on with the next file when one was full', () => {
    const tail = new LogTail('blog-1', path, Infinity);
    expect(texts(tail)).toEqual(['one', 'two']);
    renameSync(path, `${path}.1`);
    writeFileSync(path, entry(4, 'four'));
    expect(texts(tail)).toEqual(['four']);
  });

  it('merges logs by time; what tells none stays behind its predecessor', () => {
    const other = join(folder, 'user-1.log');
    writeFileSync(other, `${entry(0, 'zero')}plain text\n${entry(3, 'three')}`);
    const tails = [new LogTail('blog-1', path, Infinity), new LogTail('user-1', other, Infinity)];
    const merged = inOrder(tails.flatMap((tail) => tail.read())).map(({ name, text }) => `${name} ${text}`);
    expect(merged.map((line) => line.replace(/\{.*"msg":"(.*)"\}/, '$1'))).toEqual([
      'user-1 zero',
      'user-1 plain text',
      'blog-1 one',
      'blog-1 two',
      'user-1 three',
    ]);
  });
});
