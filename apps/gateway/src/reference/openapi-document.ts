import { type ApiRoute, openApi } from '@trellis/openapi';
import { type PreparedAnswer, Representation, type Wishes } from './representation.js';

/** Routes that hold for one host (`*.example.com` for every host below it), or for any. */
export interface DescribedLayer {
  readonly host: string | undefined;
  readonly routes: readonly ApiRoute[];
}

/** A part of the paths that has no contract, and what is behind it: `/api/v1/shop/1.2.0/`. */
export interface DescribedPrefix {
  readonly prefix: string;
  /** For people, in Markdown. */
  readonly about: string;
}

/** What a table of routes has to tell. */
export interface Described {
  /** As the table asks them: the first that has a route for a request is the one that counts. */
  readonly layers: readonly DescribedLayer[];
  readonly prefixes: readonly DescribedPrefix[];
}

export interface OpenApiDocumentsOptions {
  readonly title: string;
  readonly version: string;
  /** The gateway's public address. */
  readonly publicUrl: string;
}

export interface OpenApiDocuments {
  /** The document of what the host's clients can call now. `describe` is asked once for each `table` and kind of host. */
  answer(table: object, describe: () => Described, host: string, wishes: Wishes): Promise<PreparedAnswer>;
}

const TYPE = 'application/json'; // browsers show it, and every generator takes it
const HEADERS = { 'cache-control': 'no-cache' };

/** Makes the OpenAPI document of a table when it is first asked for, and keeps it for as long as the table is in use. */
export function createOpenApiDocuments(options: OpenApiDocumentsOptions): OpenApiDocuments {
  const kept = new WeakMap<object, { readonly described: Described; readonly byLayers: Map<string, Representation> }>();
  return {
    answer(table, describe, host, wishes) {
      let known = kept.get(table);
      if (!known) {
        known = { described: describe(), byLayers: new Map() };
        kept.set(table, known);
      }
      const { described, byLayers } = known;
      // Hosts are the client's: what is kept are the combinations of layers, of which there are few.
      const key = described.layers.map((layer) => (fits(layer, host) ? '1' : '0')).join('');
      let document = byLayers.get(key);
      if (!document) {
        document = represent(described, (layer) => fits(layer, host), options);
        byLayers.set(key, document);
      }
      return document.answer(wishes);
    },
  };
}

function represent(
  { layers, prefixes }: Described,
  isOwn: (layer: DescribedLayer) => boolean,
  options: OpenApiDocumentsOptions,
): Representation {
  const { title, version, publicUrl } = options;
  const own = layers.filter(isOwn);
  const others = [...new Set(layers.filter((layer) => !isOwn(layer)).map((layer) => layer.host))];
  const document = openApi({
    routes: reachable(own),
    info: {
      title,
      version,
      description: aboutAll(
        prefixes,
        others.filter((each) => each !== undefined),
      ),
    },
    servers: [{ url: addressOf(own, publicUrl) }],
    tokens: { authorizationUrl: `${publicUrl}/oauth2/auth`, tokenUrl: `${publicUrl}/oauth2/token` },
  });
  return new Representation(TYPE, new TextEncoder().encode(JSON.stringify(document)), HEADERS);
}

const fits = ({ host: pattern }: DescribedLayer, host: string): boolean =>
  pattern === undefined ||
  pattern === host ||
  (pattern.startsWith('*.') && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1)));

/** What the layers leave of each other: a route without conditions hides the same of later ones. */
function reachable(layers: readonly DescribedLayer[]): ApiRoute[] {
  const taken = new Set<string>();
  return layers.flatMap(({ routes }) => {
    const left = routes.filter((route) => !taken.has(keyOf(route)));
    for (const route of left) if (!route.conditions?.length) taken.add(keyOf(route));
    return left;
  });
}

const keyOf = ({ binding: { httpMethod, template } }: ApiRoute): string =>
  [
    httpMethod,
    ...template.segments.map((segment) => (segment.kind === 'literal' ? `=${segment.text}` : segment.kind)),
    template.verb,
  ].join(' ');

function aboutAll(prefixes: readonly DescribedPrefix[], hosts: readonly string[]): string {
  const intro =
    'What can be called here now, from the contracts of the services that are registered. ' +
    'Every answer has `x-request-id` and `x-trace-id`; whoever asks about a request names one of them.';
  const open =
    prefixes.length === 0
      ? []
      : [
          '## Without a contract',
          'These take what their service takes, and pass it on as it is:',
          prefixes.map(({ prefix, about }) => `- \`${prefix}\`: ${about}`).join('\n'),
        ];
  const elsewhere =
    hosts.length === 0 ? [] : [`Of their own reference are ${hosts.map((host) => `\`${host}\``).join(', ')}.`];
  return [intro, ...elsewhere, ...open].join('\n\n');
}

/** Where the routes are reached: by the name that they are for, or by any when it is one of many. */
function addressOf(own: readonly DescribedLayer[], publicUrl: string): string {
  const [host] = own.flatMap((layer) => layer.host ?? []);
  if (host === undefined) return publicUrl;
  if (host.startsWith('*.')) return '/'; // relative to where the document came from
  const url = new URL(publicUrl);
  url.hostname = host;
  return url.href.replace(/\/$/, '');
}
