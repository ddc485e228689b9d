import { create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { Catalogue } from './catalogue.js';
import { Watcher, type WatchStream } from './watcher.js';

type Written = Parameters<WatchStream['write']>[0];

/** A stream whose reader can stop and go on. */
class SlowStream implements WatchStream {
  readonly written: Written[] = [];
  reading = true;
  #drained: () => void = () => undefined;

  write(response: Written): boolean {
    this.written.push(response);
    return this.reading;
  }

  on(_event: 'drain', listener: () => void): void {
    this.#drained = listener;
  }

  goOn(): void {
    this.reading = true;
    this.#drained();
  }

  get story(): string[] {
    return this.written.map(({ revision, message }) => {
      if (message?.case === 'snapshot') return `${revision} snapshot of ${message.value.instances?.length}`;
      return `${revision} ${message?.case} ${message?.value?.id}`;
    });
  }
}

describe('Watcher', () => {
  let catalogue: Catalogue;
  let stream: SlowStream;
  beforeEach(() => {
    catalogue = new Catalogue('e1');
    stream = new SlowStream();
  });

  let session = 0;
  const join = (watcher: Watcher | undefined, id: string, service = 'blog'): void => {
    const instance = create(InstanceSchema, { id, service, state: State.SERVING });
    const { changes } = catalogue.apply({ kind: 'announce', session: ++session, instance }, 0);
    watcher?.tell(changes);
  };

  it('sends a snapshot, then every change', () => {
    join(undefined, 'a');
    const watcher = new Watcher(stream, catalogue, undefined);
    join(watcher, 'b');
    watcher.tell(catalogue.apply({ kind: 'leave', session }, 0).changes);
    expect(stream.story).toEqual(['1 snapshot of 1', '2 joined b', '3 left b']);
    expect(stream.written.every(({ epoch }) => epoch === 'e1')).toBe(true);
  });

  it('sends what concerns one service when asked for it alone', () => {
    join(undefined, 'u', 'user');
    const watcher = new Watcher(stream, catalogue, 'blog');
    join(watcher, 'v', 'user');
    join(watcher, 'b');
    expect(stream.story).toEqual(['1 snapshot of 0', '3 joined b']);
  });

  it('keeps changes in order for a reader that stops for a moment', () => {
    const watcher = new Watcher(stream, catalogue, undefined);
    stream.reading = false;
    for (const id of ['a', 'b', 'c']) join(watcher, id);
    expect(stream.story).toEqual(['0 snapshot of 0', '1 joined a']);
    stream.goOn();
    expect(stream.story.slice(2)).toEqual(['2 joined b', '3 joined c']);
  });

  it('gives a reader that is too far behind a fresh snapshot instead of an endless queue', () => {
    const watcher = new Watcher(stream, catalogue, undefined);
    stream.reading = false;
    for (let i = 0; i < 3_000; i++) join(watcher, `i${i}`);
    stream.goOn();
    join(watcher, 'last');
    expect(stream.story).toEqual(['0 snapshot of 0', '1 joined i0', '3000 snapshot of 3000', '3001 joined last']);
  });
});
