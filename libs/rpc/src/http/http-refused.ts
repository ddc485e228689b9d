import { Code, ServiceError } from '@trellis/errors';
import type { HttpReply } from './http-reply.js';
import { AttemptFailure } from '../transport.js';

/** The statuses with which an instance blames itself, or has no room, as the codes that the stack judges by. */
const CODES: ReadonlyMap<number, Code> = new Map([
  [429, Code.RESOURCE_EXHAUSTED],
  [500, Code.INTERNAL],
  [502, Code.UNAVAILABLE],
  [503, Code.UNAVAILABLE],
  [504, Code.DEADLINE_EXCEEDED],
]);

/** An answer that is treated as a failure as long as there is a better one to be had; else it is passed on as it came. */
export class HttpRefused extends AttemptFailure {
  readonly reply: HttpReply;

  constructor(code: Code, reply: HttpReply) {
    super('final', new ServiceError(code, `The service answered ${reply.status}`));
    this.reply = reply;
  }

  override release(): void {
    this.reply.body.dump();
  }
}

export function refusedBy(reply: HttpReply): HttpRefused | undefined {
  const code = CODES.get(reply.status);
  return code === undefined ? undefined : new HttpRefused(code, reply);
}
