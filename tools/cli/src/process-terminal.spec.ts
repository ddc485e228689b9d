import { Writable } from 'node:stream';
import { stripVTControlCharacters as plain } from 'node:util';
import { expect, it } from '@jest/globals';
import { screenOn } from './process-terminal.js';

it('draws whole lines on a terminal that does not know its size', () => {
  let written = '';
  const pseudo = new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => ((written += String(chunk)), done()),
  });
  const screen = screenOn(Object.assign(pseudo, { columns: 0, rows: 0, isTTY: true }) as object as NodeJS.WriteStream);
  screen.append('12:03:04.512  left  blog-1');
  screen.draw('│ blog-2 │ SERVING │');
  screen.end();
  expect(plain(written)).toContain('12:03:04.512  left  blog-1\n');
  expect(plain(written)).toContain('│ blog-2 │ SERVING │\n');
});
