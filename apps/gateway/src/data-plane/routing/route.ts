import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Binding, Locator, PathTemplate } from '@trellis/transcoding';
import type { Exchange } from '../exchange.js';
import type { Pipeline, RouteFacts } from '../policies/policy.js';

/** What of a request decides which route it takes. */
export interface RequestHead {
  readonly httpMethod: string;
  /** In lower case and without a port. */
  readonly host: string;
  /** Raw, without the query. */
  readonly path: string;
  /** Raw, without the `?`. */
  readonly query: string;
  readonly request: { readonly headers: IncomingHttpHeaders };
}

/** What a request must have besides its host, path and method. */
export interface Condition {
  /** For people: `header x-canary is "yes"`. */
  readonly text: string;
  fits(request: RequestHead): boolean;
}

/** What answers the requests of a route. */
export interface Target {
  /** Answers the exchange. Throws or rejects with ServiceError as long as nothing was sent; later failures cut the answer short. */
  handle(exchange: Exchange): Promise<void>;
  /**
   * The same for a request that wants another protocol on its connection; absent where that cannot be. What is at the other
   * end of it, when the client was told that it gets it; undefined when the client was answered otherwise.
   */
  upgrade?(exchange: Exchange): Promise<Duplex | undefined>;
  /** Says where in the HTTP request a field came from that the service complains about. */
  readonly locate?: Locator;
  /** The rule by which a contract's method is called; absent when something else answers. */
  readonly binding?: Binding;
  /** For people: `method trellis.blog.v1.BlogService/GetPost`, `service shop`. */
  readonly title: string;
}

/** Where a route comes from. */
export type Source = 'file' | 'contract' | 'built-in';

/** One way through the gateway, with everything prepared that does not depend on the request. */
export interface Route {
  readonly httpMethod: string;
  readonly template: PathTemplate;
  /** Whether the request fits what cannot be seen from its method and path: every one of `conditions`. */
  readonly accepts?: (request: RequestHead) => boolean;
  readonly conditions?: readonly Condition[];
  readonly facts: RouteFacts;
  readonly source: Source;
  /** Why its requests are refused for now: the file and the contract do not go together. */
  readonly problem?: string;
  readonly pipeline: Pipeline;
  readonly target: Target;
}
