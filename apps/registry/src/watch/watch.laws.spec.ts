import { create, fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InstanceSchema, State, type WatchResponse, WatchResponseSchema } from '@trellis/contracts/registry/v1';
import fc from 'fast-check';
import { Catalogue } from '../catalogue/catalogue.js';
import type { WatchMessage } from './watch-message.js';
import { type Position, WatchMessages } from './watch-messages.js';
import { type WatchSink, Watcher } from './watcher.js';

/** What a client knows: it replays what it is sent, checks the revisions, and may stop reading. */
class Client implements WatchSink {
  readonly listed = new Map<string, string>();
  readonly heard: string[] = [];
  position: Position | undefined;
  reading = true;
  #drained: () => void = () => undefined;

  write(message: WatchMessage): boolean {
    this.#take(fromBinary(WatchResponseSchema, message.bytes));
    return this.reading;
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  goOn(): void {
    this.reading = true;
    this.#drained();
  }

  #take({ epoch, revision, message }: WatchResponse): void {
    if (message.case === 'changes') return message.value.changes.forEach((change) => this.#take(change));
    if (message.case === 'resumed') return expect({ epoch, revision }).toEqual(this.position);
    if (message.case === 'snapshot') {
      this.listed.clear();
      for (const { id, version } of message.value.instances) this.listed.set(id, version);
    } else {
      expect(revision).toBe((this.position?.revision ?? 0n) + 1n); // nothing lost, nothing twice
      if (message.case === 'left') this.listed.delete(message.value.id);
      else if (message.case === 'joined' || message.case === 'changed') {
        this.listed.set(message.value.id, message.value.version);
      }
      this.heard.push(`${revision} ${message.case}`);
    }
    this.position = { epoch, revision };
  }
}

type Step =
  | { readonly kind: 'announce'; readonly id: string; readonly version: string }
  | { readonly kind: 'leave'; readonly id: string }
  | { readonly kind: 'flush' | 'stop' | 'go-on' | 'reconnect'; readonly who: 0 | 1 };

const id = fc.constantFrom('a', 'b', 'c', 'd');
const who = fc.constantFrom(0 as const, 1 as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('announce' as const), id, version: fc.constantFrom('1', '2') }),
  fc.record({ kind: fc.constant('leave' as const), id }),
  fc.record({ kind: fc.constantFrom('flush' as const, 'stop' as const, 'go-on' as const, 'reconnect' as const), who }),
);

function run(steps: readonly Step[]): { catalogue: Catalogue; clients: [Client, Client] } {
  const catalogue = new Catalogue('e1');
  const messages = new WatchMessages(catalogue);
  const clients: [Client, Client] = [new Client(), new Client()];
  const watch = (client: Client, from?: Position): Watcher => {
    const watcher: Watcher = new Watcher(client, messages, { from }, () => watcher.flush());
    return watcher;
  };
  const watchers = clients.map((client) => watch(client));
  const sessions = new Map([...'abcd'].map((each, n) => [each, n + 1]));
  for (const each of steps) {
    const session = 'id' in each ? (sessions.get(each.id) ?? 0) : 0;
    if (each.kind === 'announce') {
      const { id: announced, version } = each;
      const instance = create(InstanceSchema, { id: announced, service: 'blog', state: State.SERVING, version });
      catalogue.apply({ kind: 'announce', session, instance }, 0);
    } else if (each.kind === 'leave') {
      catalogue.apply({ kind: 'leave', session }, 0);
    } else {
      const client = clients[each.who];
      if (each.kind === 'stop') client.reading = false;
      if (each.kind === 'go-on') client.goOn();
      if (each.kind === 'reconnect') {
        client.reading = true;
        watchers[each.who] = watch(client, client.position);
      }
      if (each.kind === 'flush') watchers[each.who]?.flush();
    }
  }
  for (const [n, client] of clients.entries()) {
    client.goOn();
    watchers[n]?.flush();
  }
  return { catalogue, clients };
}

describe('Every watcher', () => {
  it('has the list in the end, however it stopped, went on and came back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { catalogue, clients } = run(steps);
        const listed = new Map(catalogue.list().map((instance) => [instance.id, instance.version]));
        for (const client of clients) expect(new Map([...client.listed].sort())).toEqual(listed);
      }),
    );
  });

  it('hears the changes in the same order as any other', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const [one, other] = run(steps).clients;
        const common = (mine: Client, theirs: Client) => mine.heard.filter((change) => theirs.heard.includes(change));
        expect(common(one, other)).toEqual(common(other, one));
      }),
    );
  });
});
