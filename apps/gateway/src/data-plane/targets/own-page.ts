import { notFound } from '@trellis/errors';
import { answerWhole } from '../answer.js';
import type { Exchange } from '../exchange.js';
import type { RouteTable } from '../routing/route-table.js';
import type { Target } from '../routing/route.js';

/** What stands at a path of the gateway's own. Names of headers in lower case. */
export interface PageAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Pages that the gateway itself answers. */
export interface OwnPage {
  /** Template: `/docs/**`. */
  readonly path: string;
  readonly title: string;
  /** `table`: the routes of now. Undefined: there is nothing at this path. */
  answer(exchange: Exchange, table: RouteTable): Promise<PageAnswer> | undefined;
}

export function ownPage(page: OwnPage, table: () => RouteTable): Target {
  return {
    title: page.title,
    async handle(exchange) {
      const answering = page.answer(exchange, table());
      if (!answering) throw notFound('There is no such page', { reason: 'NO_PAGE' });
      const { status, contentType, headers, body } = await answering;
      const list = ['content-type', contentType];
      for (const [name, value] of Object.entries(headers)) list.push(name, value);
      answerWhole(exchange, status, list, body);
    },
  };
}
