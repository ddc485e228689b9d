import { type JsonObject, type JsonValue, type Message, type Registry, toJson } from '@bufbuild/protobuf';
import type { Binding } from '../binding.js';
import type { PathTemplate } from '../path-template.js';

export interface RestRequest {
  readonly httpMethod: string;
  readonly path: string;
  readonly query: string;
  readonly body: Uint8Array | undefined;
}

/**
 * The HTTP request that a client makes of a message, as google/api/http.proto says: what the path has, what the body has,
 * and the rest as query parameters. Undefined when a value does not fit its place in the path.
 */
export function restRequest(
  { method, httpMethod, template, pathParameters, body }: Binding,
  message: Message,
  registry: Registry,
): RestRequest | undefined {
  const whole = toJson(method.input, message, { registry, alwaysEmitImplicit: true });
  const rest = toJson(method.input, message, { registry }) as JsonObject;
  const values = pathParameters.map(({ fields }) => {
    const keys = fields.map(({ jsonName }) => jsonName);
    remove(rest, keys);
    return keys.reduce<JsonValue | undefined>((json, key) => (json as JsonObject | undefined)?.[key], whole);
  });
  const path = expand(template, values);
  if (path === undefined) return undefined;
  const json = body?.kind === 'whole' ? rest : body && rest[body.field.jsonName];
  if (body?.kind === 'field') remove(rest, [body.field.jsonName]);
  return {
    httpMethod,
    path,
    query: body?.kind === 'whole' ? '' : parameters(rest, '').join('&'),
    body: json === undefined ? undefined : new TextEncoder().encode(JSON.stringify(json)),
  };
}

function expand({ segments, variables, verb }: PathTemplate, values: readonly (JsonValue | undefined)[]) {
  const steps: string[] = segments.map((segment) => (segment.kind === 'literal' ? segment.text : ''));
  for (const [index, { from, to, single }] of variables.entries()) {
    const text = String(values[index] ?? '');
    const parts = single ? [text] : text.split('/');
    const places = segments.slice(from, to);
    const isRest = to === undefined;
    if (isRest ? parts.length < places.length - 1 : parts.length !== places.length) return undefined;
    if (places.some((place, at) => place.kind === 'literal' && place.text !== parts[at])) return undefined;
    if (parts.includes('')) return undefined;
    steps.splice(from, places.length, ...parts.map(encode));
  }
  return `/${steps.join('/')}${verb && `:${verb}`}`;
}

/** "all characters except [-_.~0-9a-zA-Z] are percent-encoded" */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

/** A query parameter for each value in the JSON. */
export function parameters(json: JsonObject, prefix: string): string[] {
  return Object.entries(json).flatMap(([key, value]) =>
    [value]
      .flat()
      .flatMap((each) =>
        typeof each === 'object' && each !== null && !Array.isArray(each)
          ? parameters(each, `${prefix}${key}.`)
          : [`${encode(`${prefix}${key}`)}=${encode(String(each))}`],
      ),
  );
}

function remove(json: JsonObject, [key = '', ...deeper]: readonly string[]): void {
  const value = json[key];
  if (deeper.length === 0) Reflect.deleteProperty(json, key);
  else if (typeof value === 'object' && value !== null && !Array.isArray(value)) remove(value, deeper);
}
