/** Longest summary that the conventions allow. https://opentelemetry.io/docs/specs/semconv/db/database-spans/ */
const MAX_LENGTH = 255;

const OPERATION = /^\s*(?:\/\*[^]*?\*\/\s*)*(\w+)/;
/** The table after the word that introduces one: quoted or not, with its schema or not. Functions are no tables. */
const TARGET =
  /\b(?:FROM|INTO|(?<!(?:FOR|DO)\s+)UPDATE|JOIN|TABLE)\s+(?:ONLY\s+)?((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*)(?![\w."(])/gi;

/** Few statements are prepared, but nothing stops anybody from making a new one each time. */
const MAX_REMEMBERED = 1_000;
const remembered = new Map<string, string>();

/**
 * What an SQL statement does and to which tables, in the order of their mention: "INSERT outbox", "SELECT Post User",
 * "COMMIT". Of few values, so spans group by it. Prisma's schema "public" is left out.
 */
export function querySummary(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const operation = (OPERATION.exec(text)?.[1] ?? 'SQL').toUpperCase();
  const targets = Array.from(text.matchAll(TARGET), ([, name = '']) =>
    name.replaceAll('"', '').replace(/^public\./, ''),
  );
  const summary = [operation, ...new Set(targets)].join(' ').slice(0, MAX_LENGTH);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, summary);
  return summary;
}

/** A statement whose values are part of its text, with a `?` for each: the conventions want no such text as it is. */
export const withoutLiterals = (text: string): string =>
  text.replaceAll(/'(?:[^']|'')*'|\$(\w*)\$[^]*?\$\1\$|(?<![\w$"])\d+(?:\.\d+)?(?![\w"])/g, '?');
