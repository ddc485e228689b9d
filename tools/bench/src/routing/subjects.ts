import { createRouter, parsePathTemplate } from '@trellis/transcoding';
import findMyWay from 'find-my-way';
import type { BenchRoute } from './tables.js';

export interface Subject {
  readonly subject: string;
  /** Answers with how many variables the route has that a GET of the path finds, and one more. */
  readonly prepare: (routes: readonly BenchRoute[]) => (path: string) => number;
}

export const SUBJECTS: readonly Subject[] = [
  {
    subject: 'trellis',
    prepare(routes) {
      const router = createRouter(
        routes.map(({ httpMethod, path }) => ({ httpMethod, template: parsePathTemplate(path) })),
      );
      return (path) => {
        const match = router.match('GET', path);
        return match.kind === 'found' ? 1 + match.captures.length : NaN;
      };
    },
  },
  {
    subject: 'find-my-way',
    prepare(routes) {
      const router = findMyWay();
      for (const { httpMethod, path } of routes) {
        router.on(httpMethod as 'GET', path.replaceAll(/\{(\w+)\}/g, ':$1'), () => undefined);
      }
      return (path) => {
        const found = router.find('GET', path);
        return found ? 1 + Object.keys(found.params).length : NaN;
      };
    },
  },
];
