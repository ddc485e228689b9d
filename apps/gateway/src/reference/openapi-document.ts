import { type ApiRoute, openApi } from '@trellis/openapi';
import { type PreparedAnswer, Representation, type Wishes } from './representation.js';

/** Methods that are called at one host (`*.example.com`: at every host below it), or at any. */
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

export interface OpenApiDocumentsOptions {
  readonly title: string;
  readonly version: string;
  /** The gateway's public address. */
  readonly publicUrl: string;
}

/** Who asks for what. */
export interface DocumentRequest extends Wishes {
  /** In lower case, without a port. */
  readonly host: string;
  /** The parts of the paths that have no contract: they come and go without a new table. */
  readonly prefixes: readonly DescribedPrefix[];
}

export interface OpenApiDocuments {
  /**
   * The document of what the host's clients can call now. `describe` is asked once for each `table`: the layers as the table
   * asks them, so that the first that has a route for a request is the one that counts.
   */
  answer(table: object, describe: () => readonly DescribedLayer[], request: DocumentRequest): Promise<PreparedAnswer>;
}

const TYPE = 'application/json'; // browsers show it, and every generator takes it
const HEADERS = { 'cache-control': 'no-cache' };

interface Kept {
  readonly layers: readonly DescribedLayer[];
  /** By the layers that hold for a host: hosts are the client's, and there are more of them than one would want to keep. */
  readonly documents: Map<string, { readonly about: string; readonly document: Representation }>;
}

/** Makes the OpenAPI document of a table when it is first asked for, and keeps it for as long as the table is in use. */
export function createOpenApiDocuments(options: OpenApiDocumentsOptions): OpenApiDocuments {
  const tables = new WeakMap<object, Kept>();
  return {
    answer(table, describe, { host, prefixes, ...wishes }) {
      let kept = tables.get(table);
      if (!kept) {
        kept = { layers: describe(), documents: new Map() };
        tables.set(table, kept);
      }
      const { layers, documents } = kept;
      const own = layers.filter((layer) => fits(layer, host));
      const others = layers.flatMap((layer) => (own.includes(layer) ? [] : (layer.host ?? [])));
      const about = aboutAll(prefixes, [...new Set(others)]);
      const key = layers.map((layer) => (own.includes(layer) ? '1' : '0')).join('');
      let known = documents.get(key);
      if (known?.about !== about) {
        known = { about, document: represent(own, about, options) };
        documents.set(key, known);
      }
      return known.document.answer(wishes);
    },
  };
}

function represent(
  own: readonly DescribedLayer[],
  description: string,
  { title, version, publicUrl }: OpenApiDocumentsOptions,
): Representation {
  const document = openApi({
    routes: reachable(own),
    info: { title, version, description },
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
    hosts.length === 0
      ? []
      : [`These hosts have more, and references of their own: ${hosts.map((host) => `\`${host}\``).join(', ')}.`];
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
