import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { type Announcement, type Directory, announce } from '@trellis/discovery';
import { createLogger } from '@trellis/telemetry';
import { LoadReport, type Sample, eventually } from '@trellis/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { RawSession } from './raw-session.js';
import { type SimContract, simContract } from './sim/sim-contract.js';
import { World } from './world.js';

const GRPC_SERVICE = 'trellis.sim.v1.SimService';
const contract = (variant: SimContract, service: string): Uint8Array => descriptorSet([simContract(variant, service)]);

describe('somebody who announces what is not theirs', () => {
  let world: World;
  /** An honest instance, listed all the while. */
  let honest: Announcement;
  let directory: Directory;

  beforeAll(async () => {
    world = await World.start();
    const instance = { id: 'sim-1', service: 'sim', version: '1.0.0', address: '127.0.0.1:2', zone: '', weight: 100 };
    honest = announce({
      address: world.registry,
      credential: world.credential('sim'),
      instance: { ...instance, protocol: 'grpc', metadata: {} },
      services: [simContract('plain', 'sim')],
      logger: createLogger({ name: 'honest', level: 'silent' }),
    });
    await honest.accepted(5000);
    ({ directory } = await world.caller());
    await eventually(() => expect(directory.instances('sim').map(({ id }) => id)).toEqual(['sim-1']));
  });
  afterAll(async () => {
    await honest.leave();
    await world.stop();
  });

  const verdict = async (as: string, ...wish: Parameters<RawSession['announce']>): Promise<string> => {
    const session = new RawSession(world.registry, world.credential(as));
    session.announce(...wish);
    const answer = await session.verdict();
    session.close();
    return answer;
  };
  const unharmed = () =>
    expect(directory.instances('sim').map(({ id, address }) => [id, address])).toEqual([['sim-1', '127.0.0.1:2']]);

  it('claims another service’s name, instance or package: refused', async () => {
    expect(await verdict('mallory', { id: 'm-1', service: 'sim' })).toBe('PERMISSION_DENIED SERVICE_NOT_YOURS');
    expect(await verdict('mallory', { id: 'sim-1', service: 'mallory' })).toBe('ALREADY_EXISTS ID_TAKEN');
    const stranger = { id: 'm-1', service: 'mallory', grpcServices: [GRPC_SERVICE] };
    expect(await verdict('mallory', stranger, contract('plain', 'mallory'))).toBe(
      'PERMISSION_DENIED PACKAGE_NOT_YOURS',
    );
    unharmed();
  });

  it('has no credential: refused', async () => {
    const session = new RawSession(world.registry, 'x'.repeat(43));
    session.announce({ id: 'm-1', service: 'mallory' });
    expect(await session.verdict()).toContain('UNAUTHENTICATED');
  });

  it('sends a contract that is none, lacks what it promises, or takes another service’s route: refused', async () => {
    const mine = { id: 'peer-1', service: 'sim-peer', grpcServices: [GRPC_SERVICE] };
    expect(await verdict('sim-peer', mine, Buffer.from('no descriptor set'))).toContain('INVALID_ARGUMENT');
    const another = { ...mine, grpcServices: ['trellis.sim.v1.OtherService'] };
    expect(await verdict('sim-peer', another, contract('routeless', 'sim-peer'))).toContain('INVALID_ARGUMENT');
    expect(await verdict('sim-peer', mine, contract('plain', 'sim-peer'))).toBe('FAILED_PRECONDITION ROUTE_TAKEN');
    expect(await verdict('sim-peer', mine, Buffer.alloc(2_000_000))).toContain('INVALID_ARGUMENT');
    unharmed();
  });

  it('weakens the scopes of its own service, or breaks its messages: waits for an operator, and takes no call', async () => {
    const next = (id: string) => ({
      id,
      service: 'sim',
      version: '2.0.0',
      grpcServices: [GRPC_SERVICE],
      address: `127.0.0.1:${id.length}`,
    });
    const weaker = await verdict('sim', next('sim-weaker'), contract('weaker', 'sim'));
    const broken = await verdict('sim', next('sim-incompatible'), contract('incompatible', 'sim'));
    console.log(`${weaker}\n${broken}`);
    expect([weaker, broken]).toEqual([
      expect.stringMatching(/^pending: .*Guarded/),
      expect.stringMatching(/^pending: .*key/),
    ]);
    unharmed();
  });

  it('floods Announce: cut off, and changes reach watchers as before', async () => {
    const quiet = await changes(2);
    const flood = new AbortController();
    const flooders = Array.from({ length: 8 }, (_, index) => floodUntil(flood.signal, index));
    const flooded = await changes(4);
    flood.abort();
    const ends = (await Promise.all(flooders)).flat();
    console.log(`change to watcher: quiet ${quiet.latencies}; under the flood ${flooded.latencies}`);
    console.log(`the flooding service was cut off ${ends.length} times`);
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.filter((end) => !end.startsWith('RESOURCE_EXHAUSTED'))).toEqual([]);
    expect(flooded.outcomes).toEqual({ seen: flooded.sent });
    unharmed();
  });

  /** Announces as fast as the connection takes it, and again when it is cut off. Returns how its sessions ended. */
  async function floodUntil(signal: AbortSignal, index: number): Promise<string[]> {
    const ends: string[] = [];
    while (!signal.aborted) {
      const session = new RawSession(world.registry, world.credential('mallory'));
      let open = true;
      void session.ended.then((end) => {
        open = false;
        if (!signal.aborted) ends.push(end);
      });
      for (let version = 0; open && !signal.aborted; version += 1) {
        const id = `flood-${index}`;
        if (!session.announce({ id, service: 'mallory', version: `${version}`, address: `127.0.0.1:${index + 10}` }))
          await sleep(1);
        if (version % 50 === 0) await sleep(1);
      }
      session.close();
      await sleep(20);
    }
    return ends;
  }

  /** How long it takes until a watcher sees a change of the honest instance, five times a second. */
  async function changes(seconds: number): Promise<LoadReport> {
    const samples: Sample[] = [];
    for (let index = 0; index < seconds * 5; index += 1) {
      const wanted = index % 2 === 0 ? 0 : 1;
      const seen = Promise.withResolvers<void>();
      const stop = directory.onChange(() => {
        if (directory.instances('sim').length === wanted) seen.resolve();
      });
      const start = performance.now();
      honest.setState(wanted === 0 ? 'NOT_SERVING' : 'SERVING');
      const outcome = await Promise.race([seen.promise.then(() => 'seen'), sleep(3000, 'not seen', { ref: false })]);
      stop();
      samples.push({ at: start, latency: performance.now() - start, outcome });
      await sleep(200);
    }
    return new LoadReport(samples);
  }
});
