import { createHash } from 'node:crypto';
import { type MessageInitShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, type ClientDuplexStream, Metadata, type StatusObject, credentials as channel } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Protocol,
  RegistryService,
  type SessionRequest,
  SessionRequestSchema,
  type SessionResponse,
  SessionResponseSchema,
  State,
} from '@trellis/contracts/registry/v1';
import { descriptorSet as contractOf } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { decodeStatus } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { type RunningRegistry, TestCredentials, runRegistry } from '../registry.fixture.js';

type Message = MessageInitShape<typeof SessionRequestSchema>['message'];

/** A client that does what libs/discovery never would. */
class RawClient {
  readonly answers: SessionResponse[] = [];
  readonly ended: Promise<ReturnType<typeof decodeStatus>>;
  readonly #client: Client;
  readonly #stream: ClientDuplexStream<SessionRequest, SessionResponse>;

  constructor(address: string, credential: string) {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${credential}`);
    this.#client = new Client(address, channel.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
    this.#stream = this.#client.makeBidiStreamRequest(
      `/${RegistryService.typeName}/Session`,
      (request: SessionRequest) => Buffer.from(toBinary(SessionRequestSchema, request)),
      (bytes) => fromBinary(SessionResponseSchema, bytes),
      metadata,
    );
    this.#stream.on('data', (answer) => this.answers.push(answer));
    this.#stream.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.#stream.on('status', ({ code, details, metadata: trailers }: StatusObject) => {
        const bin = trailers.get('grpc-status-details-bin')[0];
        resolve(decodeStatus(code, details, bin instanceof Uint8Array ? bin : undefined));
      });
    });
  }

  send(message: Message): void {
    this.#stream.write(create(SessionRequestSchema, { message }));
  }

  announce(id: string): void {
    const instance = { id, service: 'blog', address: `${id}:1`, protocol: Protocol.GRPC };
    this.send({ case: 'announce', value: { instance } });
  }

  beat(): void {
    this.send({ case: 'heartbeat', value: { state: State.SERVING } });
  }

  halfClose(): void {
    this.#stream.end();
  }

  /** As when the process is killed. */
  break(): void {
    this.#client.close();
    this.#stream.cancel();
  }
}

describe('A session', () => {
  let credentials: TestCredentials;
  let running: RunningRegistry;
  const clients: RawClient[] = [];

  beforeEach(async () => {
    credentials = new TestCredentials();
    running = await runRegistry({ credentials, epoch: 'e1' });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.break();
    running.kill();
    credentials.remove();
  });

  const open = (): RawClient => {
    const client = new RawClient(running.address, credentials.blog);
    clients.push(client);
    return client;
  };
  const listed = async (id: string): Promise<RawClient> => {
    const client = open();
    client.announce(id);
    await eventually(() => expect(client.answers).toHaveLength(1));
    return client;
  };
  const states = (): string[] => running.registry.catalogue.list().map(({ id, state }) => `${id} ${State[state]}`);

  it('is told how often to beat and which epoch it belongs to', async () => {
    const client = await listed('blog-1');
    expect(client.answers[0]).toMatchObject({
      heartbeatInterval: { seconds: 2n },
      lease: { seconds: 6n },
      epoch: 'e1',
    });
  });

  it('that breaks makes its instance a suspect, and then it leaves', async () => {
    const seen: string[] = [];
    const client = await listed('blog-1');
    const watching = { write: () => (seen.push(...states()), true), onDrain: () => undefined };
    running.registry.watch('user', watching, {});
    await eventually(() => expect(seen).toHaveLength(1));
    client.break();
    await eventually(() => expect(states()).toEqual([]), 5_000, 10);
    expect(seen).toEqual(['blog-1 SERVING', 'blog-1 SUSPECT']);
  });

  it('that is half-closed without a leave counts as broken', async () => {
    const client = await listed('blog-1');
    client.halfClose();
    expect(await client.ended).toMatchObject({ code: 2 }); // status OK, which is no error code
    await eventually(() => expect(states()).toEqual([]));
  });

  it('gives way to a newer one of the same instance, and is told so', async () => {
    const older = await listed('blog-1');
    await listed('blog-1');
    expect(await older.ended).toMatchObject({ code: 6, reason: 'SUPERSEDED' });
    expect(states()).toEqual(['blog-1 SERVING']);
  });

  it('may name a contract by its hash alone when another instance of the service has it', async () => {
    const descriptorSet = contractOf([BlogService]);
    const contractHash = createHash('sha256').update(descriptorSet).digest('hex');
    const instance = (id: string) => ({
      ...{ id, service: 'blog', address: `${id}:1`, protocol: Protocol.GRPC, contractHash },
      grpcServices: [BlogService.typeName],
    });
    const first = open();
    first.send({ case: 'announce', value: { instance: instance('blog-1') } });
    await eventually(() => expect(first.answers).toMatchObject([{ contractWanted: true }]));
    expect(states()).toEqual([]);
    first.send({ case: 'announce', value: { instance: instance('blog-1'), descriptorSet } });
    await eventually(() => expect(states()).toEqual(['blog-1 SERVING']));
    const second = open();
    second.send({ case: 'announce', value: { instance: instance('blog-2') } });
    await eventually(() => expect(states()).toEqual(['blog-1 SERVING', 'blog-2 SERVING']));
    const [one, other] = running.registry.catalogue.list();
    expect([other?.contractHash, other?.grpcMethods]).toEqual([contractHash, one?.grpcMethods]);
  });

  it('must announce before it beats', async () => {
    const client = open();
    client.beat();
    expect(await client.ended).toMatchObject({ code: 3 });
  });

  it('cannot say of itself what is for the registry to say', async () => {
    const client = await listed('blog-1');
    client.send({ case: 'heartbeat', value: { state: State.PENDING } });
    expect(await client.ended).toMatchObject({ code: 3 });
  });

  it('gives way to another instance at its address, and is told so', async () => {
    const older = await listed('blog-1');
    const newer = open();
    const instance = { id: 'blog-2', service: 'blog', address: 'blog-1:1', protocol: Protocol.GRPC };
    newer.send({ case: 'announce', value: { instance } });
    expect(await older.ended).toMatchObject({ code: 6, reason: 'REPLACED' });
    expect(states()).toEqual(['blog-2 SERVING']);
  });

  it('cannot announce a second instance', async () => {
    const client = await listed('blog-1');
    client.announce('blog-2');
    expect(await client.ended).toMatchObject({ code: 3 });
  });

  it('is checked by the rules of the contract', async () => {
    const client = open();
    client.announce('no spaces, please');
    expect(await client.ended).toMatchObject({
      code: 3,
      violations: [expect.objectContaining({ field: 'announce.instance.id' })],
    });
  });

  it('that floods is ended, and the others do not notice', async () => {
    await listed('blog-1');
    const flood = await listed('blog-2');
    for (let i = 0; i < 100; i++) flood.announce('blog-2');
    expect(await flood.ended).toMatchObject({ code: 8, reason: 'TOO_MANY_MESSAGES' });
    await eventually(() => expect(states()).toEqual(['blog-1 SERVING']));
  });
});

describe('A session whose instance is silent', () => {
  it('is ended when the lease has passed, so that the instance announces itself anew', async () => {
    const credentials = new TestCredentials();
    const timing = { heartbeat: 50, grace: 50, lease: 100, tick: 10 };
    const running = await runRegistry({ credentials, epoch: 'e1', timing });
    const client = new RawClient(running.address, credentials.blog);
    client.announce('blog-1');
    expect(await client.ended).toMatchObject({ code: 14, reason: 'NOT_LISTED' });
    running.kill();
    credentials.remove();
  });
});
