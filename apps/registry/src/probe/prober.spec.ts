import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { createLogger } from '@trellis/telemetry';
import { eventually } from '@trellis/testing';
import { Prober } from './prober.js';
import { Registry } from '../registry.js';

describe('Prober', () => {
  let registry: Registry;
  let prober: Prober;
  /** Answers to come, and addresses asked. */
  let answers: boolean[];
  let asked: string[];

  beforeEach(() => {
    registry = new Registry({ epoch: 'e1', logger: createLogger({ name: 'registry', level: 'silent' }) });
    answers = [];
    asked = [];
    const ask = async ({ address }: { address: string }): Promise<boolean> => {
      asked.push(address);
      return answers.shift() ?? true;
    };
    prober = new Prober({ registry, random: () => 0, ask });
    prober.start();
  });
  afterEach(() => prober.stop());

  const announce = (session: number, id: string, more: { address?: string; probed?: boolean } = {}): void => {
    const instance = create(InstanceSchema, {
      ...{ id, service: 'blog', address: more.address ?? `${id}:1`, state: State.SERVING },
      ...(more.probed !== false && { probe: { interval: { nanos: 1_000_000 } } }),
    });
    registry.apply({ kind: 'announce', session, instance });
  };
  /** Every state that the instance was shown in. */
  const states = (): string[] =>
    (registry.catalogue.since(0n) ?? []).map(({ kind, instance }) => `${kind} ${State[instance.state]}`);

  it('takes an instance for ill after three failures in a row, and for well after one success', async () => {
    answers = [false, false, true, false, false, false, false, true];
    announce(1, 'a');
    await eventually(() => expect(asked.length).toBeGreaterThan(8));
    expect(states()).toEqual(['joined SERVING', 'changed NOT_SERVING', 'changed SERVING']);
  });

  it('asks those alone who wish it, as long as they are listed', async () => {
    announce(1, 'a');
    announce(2, 'b', { probed: false });
    await eventually(() => expect(asked.length).toBeGreaterThan(1));
    registry.apply({ kind: 'leave', session: 1 });
    const before = asked.length;
    announce(3, 'c');
    await eventually(() => expect(asked.filter((address) => address === 'c:1').length).toBeGreaterThan(2));
    expect(new Set(asked)).toEqual(new Set(['a:1', 'c:1']));
    expect(asked.slice(before).filter((address) => address === 'a:1').length).toBeLessThanOrEqual(1);
  });

  it('asks at the new address when an instance has another one', async () => {
    announce(1, 'a');
    await eventually(() => expect(asked).toContain('a:1'));
    announce(1, 'a', { address: 'a:2' });
    asked.length = 0;
    await eventually(() => expect(asked.length).toBeGreaterThan(2));
    expect(new Set(asked)).toEqual(new Set(['a:2']));
  });
});
