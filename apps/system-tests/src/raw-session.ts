import { type MessageInitShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Client, type ClientDuplexStream, Metadata, type StatusObject, credentials } from '@grpc/grpc-js';
import {
  type InstanceSchema,
  Protocol,
  RegistryService,
  type SessionRequest,
  SessionRequestSchema,
  type SessionResponse,
  SessionResponseSchema,
} from '@trellis/contracts/registry/v1';
import { DETAILS_KEY, codeName, decodeStatus } from '@trellis/errors';

type Wish = MessageInitShape<typeof InstanceSchema>;

/** A registry session spoken by hand: it says what libs/discovery would never say. */
export class RawSession {
  readonly #client: Client;
  readonly #stream: ClientDuplexStream<SessionRequest, SessionResponse>;
  readonly #heard = Promise.withResolvers<SessionResponse>();
  /** Code and reason with which the registry ended it, such as "PERMISSION_DENIED SERVICE_NOT_YOURS". */
  readonly ended: Promise<string>;

  /** `registry` is its `host:port`. */
  constructor(registry: string, credential: string) {
    this.#client = new Client(registry, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${credential}`);
    this.#stream = this.#client.makeBidiStreamRequest(
      `/${RegistryService.typeName}/${RegistryService.method.session.name}`,
      (message: SessionRequest) => Buffer.from(toBinary(SessionRequestSchema, message)),
      (bytes: Buffer) => fromBinary(SessionResponseSchema, bytes),
      metadata,
      { deadline: Date.now() + 30_000 },
    );
    this.#stream.on('data', (response: SessionResponse) => this.#heard.resolve(response));
    this.#stream.on('error', () => undefined); // its status tells the same
    this.ended = new Promise((resolve) =>
      this.#stream.on('status', (status: StatusObject) => {
        resolve(nameOf(status));
        this.#client.close();
      }),
    );
  }

  /** Returns false when the registry does not keep up with what is sent. */
  announce(instance: Wish, descriptorSet: Uint8Array = new Uint8Array()): boolean {
    const usual = { version: '1.0.0', address: '127.0.0.1:1', protocol: Protocol.GRPC };
    const announce = { instance: { ...usual, ...instance }, descriptorSet };
    return this.#stream.write(create(SessionRequestSchema, { message: { case: 'announce', value: announce } }));
  }

  /** "listed", "pending: WHY", or how the registry refused. */
  verdict(): Promise<string> {
    const heard = this.#heard.promise.then(({ pending }) =>
      pending.length === 0 ? 'listed' : `pending: ${pending.join('; ')}`,
    );
    return Promise.race([heard, this.ended]);
  }

  close(): void {
    this.#stream.cancel();
  }
}

function nameOf({ code, details, metadata }: StatusObject): string {
  const [encoded] = metadata.get(DETAILS_KEY);
  const error = decodeStatus(code, details, Buffer.isBuffer(encoded) ? encoded : undefined);
  return [codeName(error.code), error.reason].filter(Boolean).join(' ');
}
