import { create, toBinary } from '@bufbuild/protobuf';
import { RegistryService, WatchRequestSchema } from '@trellis/contracts/registry/v1';
import { monotonic } from '../clock.js';
import { LightStream } from './light-stream.js';
import type { Target, WatchersOrder, WatchersReport } from './orders.js';

const EVERYTHING = toBinary(WatchRequestSchema, create(WatchRequestSchema, { deflate: true }));
/** New watchers a second at the beginning, each of which gets the whole list. */
const OPENING = 200;

const arrivals = new Map<number, { watchers: number; at: number }>();
let watching = 0;
let wanted = 0;
let told = false;

const report = (message: WatchersReport): void => void process.send?.(message);

function watch(target: Target, caller: Target['callers'][number], failures = 0): void {
  let revision: number | undefined;
  const stream = new LightStream({
    port: target.port,
    path: `/${RegistryService.typeName}/Watch`,
    credential: caller.credential,
    onOpen: () => stream.send(EVERYTHING, true),
    onMessage: (head) => {
      const next = revisionOf(head);
      if (revision === undefined) {
        watching += 1;
        if (watching === wanted && !told) report({ kind: 'all-watching' });
        told ||= watching === wanted;
      } else {
        const at = monotonic();
        for (let each = revision + 1; each <= next; each += 1) arrived(each, at);
      }
      revision = next;
    },
    onEnd: () => {
      if (revision !== undefined) watching -= 1;
      setTimeout(() => watch(target, caller, failures + 1), Math.random() * (failures === 0 ? 200 : 4_000));
    },
  });
}

function arrived(revision: number, at: number): void {
  const arrival = arrivals.get(revision) ?? { watchers: 0, at };
  arrivals.set(revision, arrival);
  arrival.watchers += 1;
  arrival.at = Math.max(arrival.at, at);
}

/** Of a WatchResponse: field 1 is the epoch, field 2 the revision, absent when it is 0. */
function revisionOf(head: Buffer): number {
  let at = 2 + head.readUInt8(1);
  if (head[at] !== 0x10) return 0;
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = head.readUInt8((at += 1));
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 128;
  }
}

async function open({ target, watchers }: WatchersOrder & { readonly kind: 'open' }): Promise<void> {
  wanted = watchers;
  for (let n = 0; n < watchers; n += 1) {
    const caller = target.callers[n % target.callers.length];
    if (caller) watch(target, caller);
    await new Promise((resolve) => setTimeout(resolve, 1000 / OPENING));
  }
}

process.on('message', (order: WatchersOrder) => {
  if (order.kind === 'open') return void open(order);
  report({ kind: 'arrived', revisions: [...arrivals].map(([revision, rest]) => ({ revision, ...rest })) });
  arrivals.clear();
});
process.on('disconnect', () => process.exit(0));
