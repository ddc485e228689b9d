import { stdSerializers } from 'pino';

export const REDACTED = '[redacted]';

/** Keys whose value never reaches a log, compared without case, `-` and `_`: `client_secret` is also `clientSecret`. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'cookies',
  'setcookie',
  'password',
  'passwordhash',
  'newpassword',
  'oldpassword',
  'currentpassword',
  'passphrase',
  'token',
  'tokens',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'bearertoken',
  'registrationaccesstoken',
  'secret',
  'secrets',
  'clientsecret',
  'clientassertion',
  'credential',
  'credentials',
  'apikey',
  'xapikey',
  'privatekey',
  'codeverifier',
  'databaseurl', // holds the database's password
]);

/** Deeper values are cut: a log line is no dump, and a cycle must end. */
const MAX_DEPTH = 8;

/** What gives a secret away whatever its key is: it has a form. Each keeps what comes before and is bounded, so that it is linear. */
const SECRET_FORMS: readonly RegExp[] = [
  /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/"\\]{0,200}:)[^\s@/"\\]+(?=@)/gi, // the password of an address
  /\b((?:Bearer|Basic|DPoP) +)[\w.~+/=-]{8,}/gi, // credentials of RFC 9110
  /\b()eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, // a JWT
  /([?&](?:access_token|id_token|token|code|client_secret|password|api_key)=)[^&\s"\\]+/gi, // RFC 6750, section 2.3
];

/** A text, or a line of JSON, without the secrets that have a form of their own: passwords in addresses, tokens. */
export function redactText(text: string): string {
  let safe = text;
  for (const form of SECRET_FORMS) safe = safe.replace(form, `$1${REDACTED}`);
  return safe;
}

/** A copy fit for a log, in which the value of every secret key is hidden, at any depth and within errors. */
export function redactSecrets(fields: object): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    safe[key] = isSecret(key) ? REDACTED : redactValue(value, depth + 1);
  }
  return safe;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (value instanceof Error) return redactObject(stdSerializers.err(value), depth);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return redactObject(Object.fromEntries(value), depth);
  if (value instanceof Set) return [...value].map((item) => redactValue(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactValue(value.toJSON(), depth + 1);
  return redactObject(value, depth);
}

const isSecret = (key: string): boolean => SECRET_KEYS.has(key.replaceAll(/[-_]/g, '').toLowerCase());
