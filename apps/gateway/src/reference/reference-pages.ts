import type { Directory } from '@trellis/discovery';
import type { Exchange } from '../data-plane/exchange.js';
import { newestInstance } from '../data-plane/routing/newest-instance.js';
import type { OwnPage } from '../data-plane/targets/own-page.js';
import { describedLayers, describedPrefixes, registeredPrefixes } from './described-table.js';
import { createOpenApiDocuments } from './openapi-document.js';
import { PAGE_PATH } from './page-files.js';
import { createReferencePage } from './reference-page.js';
import type { Wishes } from './representation.js';

export interface ReferencePagesOptions {
  /** The gateway's public address. */
  readonly publicUrl: string;
  /** The client under which people log in on the page; undefined: they paste a token. */
  readonly clientId: string | undefined;
  /** Of the platform. */
  readonly version: string;
  readonly directory: Directory;
}

/** `/openapi.json`, and `/docs`, where it can be read and called. */
export function referencePages({ publicUrl, clientId, version, directory }: ReferencePagesOptions): OwnPage[] {
  const documents = createOpenApiDocuments({ title: 'Trellis', version, publicUrl });
  const page = createReferencePage({ publicUrl, clientId });
  const versionOf = (service: string) => newestInstance(directory.instances(service))?.version;
  const answer: OwnPage['answer'] = (exchange) => page.answer(exchange.path, wishesOf(exchange));
  return [
    {
      path: '/openapi.json',
      title: 'the API as OpenAPI 3.1',
      answer: (exchange, table) =>
        documents.answer(table, () => describedLayers(table.layers, versionOf), {
          host: exchange.host,
          prefixes: [...describedPrefixes(table.layers), ...registeredPrefixes(directory.all())],
          ...wishesOf(exchange),
        }),
    },
    { path: PAGE_PATH, title: 'the API as a page', answer },
    { path: `${PAGE_PATH}/**`, title: 'the API as a page', answer },
  ];
}

function wishesOf({ request: { headers } }: Exchange): Wishes {
  return { acceptEncoding: [headers['accept-encoding']].flat().join(), ifNoneMatch: headers['if-none-match'] };
}
