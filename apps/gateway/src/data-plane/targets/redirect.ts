import type { PathTemplate } from '@trellis/transcoding';
import { answerWhole } from '../answer.js';
import type { Target } from '../routing/route.js';

export interface RedirectOptions {
  /** An address or a path; `{name}` stands for the variable of that name. */
  readonly to: string;
  readonly status: number;
}

/** Sends the client elsewhere. The query goes along. */
export function redirect({ to, status }: RedirectOptions, { variables }: PathTemplate): Target {
  const parts = to.split(/\{([^{}]+)\}/).map((text, at) => {
    if (at % 2 === 0) return text;
    return variables.findIndex(({ field }) => field === text);
  });
  return {
    title: `redirect ${to}`,
    async handle(exchange) {
      const filled = parts.map((part) => (typeof part === 'number' ? (exchange.captures[part] ?? '') : part)).join('');
      // A variable that begins with a slash must not make a path into the address of another host.
      const place = filled.startsWith('//') ? filled.replace(/^\/+/, '/') : filled;
      const mark = place.includes('?') ? '&' : '?';
      const location = exchange.query === '' ? place : `${place}${mark}${exchange.query}`;
      answerWhole(exchange, status, ['location', location], '');
    },
  };
}
