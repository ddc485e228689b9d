import { parsePathTemplate } from '@trellis/transcoding';
import type { Route } from './route.js';

/** A route that answers nothing: for what is decided before. */
export function routeTo(name: string, changes: Partial<Route> & { readonly path?: string } = {}): Route {
  const { path = '/x', httpMethod = '*', ...rest } = changes;
  return {
    httpMethod,
    template: parsePathTemplate(path),
    facts: { id: name, name, httpMethod, service: name, access: undefined },
    source: 'file',
    pipeline: { policies: [], request: [], answer: [], end: [], preflights: false },
    target: { title: `service ${name}`, handle: () => Promise.reject(new Error('nobody is asked')) },
    ...rest,
  };
}
