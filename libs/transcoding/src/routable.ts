import type { PathTemplate } from './path-template.js';

/** `Q` is what a condition looks at. */
export interface Routable<Q = never> {
  /** In capitals; `*` stands for any method. */
  readonly httpMethod: string;
  readonly template: PathTemplate;
  /** Condition beyond method and path: a request that it does not accept is for another route. */
  readonly accepts?: (request: Q) => boolean;
  /** Whose route it is, for the error that two of them make: `trellis.blog.v1.BlogService/GetPost`. */
  readonly owner?: string;
}

/** What the conditions of such routes look at; never when they have none. */
export type RequestOf<R extends Routable> = R extends Routable<infer Q> ? Q : never;
