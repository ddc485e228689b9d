import type { Duplex } from 'node:stream';
import type { HttpBody } from '../rpc.js';

/** What an instance answered, its body unread; with the connection when it agreed to another protocol. */
export interface HttpReply {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly string[];
  readonly body: HttpBody;
  readonly socket: Duplex | undefined;
}
