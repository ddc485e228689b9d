import { LONGEST_EXAMPLE } from './matching-text.js';

/** Texts that fit many fields, by what their name ends with. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/(^|_)(id|uuid)$/, '7f1b1f3e-5c0a-4e0b-9f3a-2f8f6d1c9a54'],
  [/(^|_)e?mail$/, 'ada@example.com'],
  [/(^|_)(username|user|login|owner)$/, 'ada'],
  [/(^|_)password$/, 'correct horse battery staple'],
  [/(^|_)(url|uri|link|website)$/, 'https://example.com/'],
  [/(^|_)(host|hostname|domain)$/, 'www.example.com'],
  [/(^|_)address$/, '192.0.2.1:8080'],
  [/(^|_)version$/, '1.0.0'],
  [/(^|_)(path|prefix)$/, '/path'],
  [/(^|_)(zone|region|service|slug|tag|tags|state|status|key|code|etag|kind|type)$/, 'example'],
  [/(^|_)(hash|digest|checksum|sha256)$/, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  [/(^|_)locale$/, 'en-GB'],
  [/(^|_)(time_?zone)$/, 'Europe/Berlin'],
  [/(^|_)(currency|currency_code)$/, 'EUR'],
  [/(^|_)(country|country_code|region_code)$/, 'DE'],
];

/** Texts to try as the value of a field, the most telling first. They should have from `least` to `most` characters. */
export function* exampleTexts(field: string, least: number, most: number): Iterable<string> {
  if (least > LONGEST_EXAMPLE) return;
  for (const [pattern, text] of BY_NAME) if (pattern.test(field)) yield text;
  const words = field.replaceAll('_', ' ').trim();
  const slug = words.toLowerCase().replaceAll(' ', '-');
  const texts = [`${words.slice(0, 1).toUpperCase()}${words.slice(1)}`, slug, slug.replaceAll('-', ''), ...PLAIN];
  yield* texts;
  for (const text of texts.filter((each) => each !== '')) {
    const long = text.repeat(Math.ceil(Math.max(1, least) / text.length));
    yield long;
    yield long.slice(0, Math.min(most, Math.max(least, text.length)));
    yield long.slice(0, least);
  }
}

const PLAIN = ['example', 'EXAMPLE', 'a', 'A', '1', '/'];
