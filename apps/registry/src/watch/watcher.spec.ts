import { create, fromBinary } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema, State, type WatchResponse, WatchResponseSchema } from '@trellis/contracts/registry/v1';
import { Catalogue } from '../catalogue/catalogue.js';
import type { WatchMessage } from './watch-message.js';
import { type Position, WatchMessages } from './watch-messages.js';
import { type WatchSink, Watcher } from './watcher.js';

/** A stream whose reader can stop and go on. */
class SlowSink implements WatchSink {
  readonly written: WatchMessage[] = [];
  reading = true;
  #drained: () => void = () => undefined;

  write(message: WatchMessage): boolean {
    this.written.push(message);
    return this.reading;
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  goOn(): void {
    this.reading = true;
    this.#drained();
  }

  get responses(): WatchResponse[] {
    return this.written.map(({ bytes }) => fromBinary(WatchResponseSchema, bytes));
  }

  get story(): string[] {
    return this.responses.map(tell);
  }
}

function tell({ revision, message }: WatchResponse): string {
  if (message.case === 'snapshot') return `${revision} snapshot of ${message.value.instances.length}`;
  if (message.case === 'changes') return `${revision} changes: ${message.value.changes.map(tell).join(', ')}`;
  if (message.case === 'resumed') return `${revision} resumed`;
  const id = message.value && 'id' in message.value ? message.value.id : '';
  return `${revision} ${message.case} ${id}`;
}

describe('Watcher', () => {
  let catalogue: Catalogue;
  let messages: WatchMessages;
  let sink: SlowSink;
  beforeEach(() => {
    catalogue = new Catalogue('e1');
    messages = new WatchMessages(catalogue);
    sink = new SlowSink();
  });

  let session = 0;
  const join = (id: string, service = 'blog'): void => {
    const instance = create(InstanceSchema, { id, service, address: `${id}:1`, state: State.SERVING });
    catalogue.apply({ kind: 'announce', session: ++session, instance }, 0);
  };
  const watch = (options: { service?: string; from?: Position } = {}, to = sink): Watcher => {
    const watcher: Watcher = new Watcher(to, messages, options, () => watcher.flush());
    watcher.flush();
    return watcher;
  };

  it('sends a snapshot, then every change', () => {
    join('a');
    const watcher = watch();
    join('b');
    watcher.flush();
    catalogue.apply({ kind: 'leave', session }, 0);
    watcher.flush();
    expect(sink.story).toEqual(['1 snapshot of 1', '2 joined b', '3 left b']);
    expect(sink.responses.every(({ epoch }) => epoch === 'e1')).toBe(true);
  });

  it('sends what concerns one service when asked for it alone', () => {
    join('u', 'user');
    const watcher = watch({ service: 'blog' });
    join('v', 'user');
    watcher.flush();
    join('b');
    watcher.flush();
    expect(sink.story).toEqual(['1 snapshot of 0', '3 joined b']);
  });

  it('sends what is due together in one message, in order', () => {
    const watcher = watch();
    for (const id of ['a', 'b']) join(id);
    watcher.flush();
    expect(sink.story).toEqual(['0 snapshot of 0', '2 changes: 1 joined a, 2 joined b']);
  });

  it('keeps changes for a reader that stops for a moment', () => {
    const watcher = watch();
    sink.reading = false;
    for (const id of ['a', 'b', 'c']) {
      join(id);
      watcher.flush();
    }
    sink.goOn();
    expect(sink.story).toEqual(['0 snapshot of 0', '1 joined a', '3 changes: 2 joined b, 3 joined c']);
  });

  it('lets an older snapshot do for a newcomer, who is told that more follows', () => {
    watch();
    join('a');
    const newcomer = new SlowSink();
    watch({}, newcomer);
    expect(newcomer.responses.map((response) => [tell(response), response.more])).toEqual([
      ['0 snapshot of 0', true],
      ['1 joined a', undefined],
    ]);
    const other = new SlowSink();
    watch({}, other);
    expect(newcomer.written[0]).toBe(other.written[0]);
  });

  it('keeps its word when what followed an older snapshot does not concern a newcomer', () => {
    watch({ service: 'blog' });
    join('u', 'user');
    const newcomer = new SlowSink();
    watch({ service: 'blog' }, newcomer);
    expect(newcomer.responses.map((response) => [tell(response), response.more])).toEqual([
      ['0 snapshot of 0', true],
      ['1 resumed', undefined],
    ]);
  });

  it('gives a reader that is too far behind a fresh snapshot instead of all that it missed', () => {
    const watcher = watch();
    for (let i = 0; i < 3_000; i++) join(`i${i}`);
    watcher.flush();
    join('last');
    watcher.flush();
    expect(sink.story).toEqual(['0 snapshot of 0', '3000 snapshot of 3000', '3001 joined last']);
  });

  it('tells many changes in messages that others who are behind get too', () => {
    const early = watch();
    join('a');
    const late = new SlowSink();
    watch({}, late);
    for (let i = 0; i < 200; i++) join(`i${i}`);
    early.flush();
    const lateWatcher = watch({ from: { epoch: 'e1', revision: 1n } }, late);
    lateWatcher.flush();
    const revisions = sink.written.map(({ revision }) => Number(revision));
    expect(revisions).toEqual([0, 64, 128, 192, 201]);
    expect(late.written.slice(-3)).toEqual(sink.written.slice(-3));
    expect(late.written.at(-2)).toBe(sink.written.at(-2));
  });

  it('goes on where the same epoch was left, and tells everything since', () => {
    for (const id of ['a', 'b', 'c']) join(id);
    watch({ from: { epoch: 'e1', revision: 1n } });
    expect(sink.story).toEqual(['1 resumed', '3 changes: 2 joined b, 3 joined c']);
  });

  it.each([
    ['of another epoch', { epoch: 'e0', revision: 1n }],
    ['that has never been', { epoch: 'e1', revision: 4n }],
  ])('begins with a snapshot at a place %s', (_case, from) => {
    for (const id of ['a', 'b', 'c']) join(id);
    watch({ from });
    expect(sink.story).toEqual(['3 snapshot of 3']);
  });

  it('begins with a snapshot at a place that is too long ago', () => {
    for (let i = 0; i < 5_000; i++) join(`i${i}`);
    watch({ from: { epoch: 'e1', revision: 1n } });
    expect(sink.story).toEqual(['5000 snapshot of 5000']);
  });

  it('encodes a message once for all who are at the same place', () => {
    const other = new SlowSink();
    const watchers = [watch(), watch({}, other)];
    join('a');
    for (const watcher of watchers) watcher.flush();
    expect(sink.written.map((message, n) => message === other.written[n])).toEqual([true, true]);
  });

  it('says the same in server-sent events', () => {
    const watcher = watch();
    for (const id of ['a', 'b']) join(id);
    watcher.flush();
    expect(sink.written[1]?.events).toMatch(
      /^id: e1:1\ndata: \{"epoch":"e1","revision":"1","joined":\{"id":"a".*\}\}\n\nid: e1:2\ndata: \{.*\}\n\n$/,
    );
  });
});
