import { type MessageInitShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import {
  BlogService,
  CreatePostRequestSchema,
  CreatePostResponseSchema,
  GetPostResponseSchema,
} from '@trellis/contracts/blog/v1';
import { DETAILS_KEY, ServiceError, encodeStatus, notFound } from '@trellis/errors';
import { validate } from '@trellis/service-defaults';

export type Post = MessageInitShape<typeof GetPostResponseSchema>['post'];

/** What GetPost does with an id; other ids are NOT_FOUND. `hang` never answers. */
export type Posts = Record<string, Post | ServiceError | 'hang'>;

/** A blog on a real gRPC server: it validates as every service does, and keeps nothing. */
export class BlogBackend {
  readonly calls: { path: string; authorization: string; metadata: Metadata; cancelled: Promise<void> }[] = [];
  readonly #server = new Server();
  address = '';

  async start(posts: Posts): Promise<this> {
    this.#serve('CreatePost', (bytes) => {
      const request = fromBinary(CreatePostRequestSchema, bytes);
      validate(CreatePostRequestSchema, request);
      const post = { id: 'new', title: request.title, content: request.content };
      return toBinary(CreatePostResponseSchema, create(CreatePostResponseSchema, { post }));
    });
    this.#serve('GetPost', (bytes) => {
      const { id } = fromBinary(BlogService.method.getPost.input, bytes);
      const post = posts[id] ?? notFound(`No post ${id}`);
      if (post === 'hang') return undefined;
      if (post instanceof ServiceError) throw post;
      return toBinary(GetPostResponseSchema, create(GetPostResponseSchema, { post }));
    });
    for (const { name } of BlogService.methods) {
      if (name !== 'CreatePost' && name !== 'GetPost') this.#serve(name, () => new Uint8Array());
    }
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.address = `127.0.0.1:${port}`;
    return this;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #serve(name: string, run: (request: Uint8Array) => Uint8Array | undefined): void {
    const path = `/${BlogService.typeName}/${name}`;
    const bytes = (value: Buffer): Buffer => value;
    const codec = {
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    };
    const definition: ServiceDefinition = { [name]: { path, requestStream: false, responseStream: false, ...codec } };
    this.#server.addService(definition, {
      [name]: (
        call: { request: Buffer; metadata: Metadata; once(event: 'cancelled', listener: () => void): void },
        done: (error: object | null, answer?: Buffer) => void,
      ) => {
        const cancelled = new Promise<void>((resolve) => call.once('cancelled', resolve));
        const { metadata } = call;
        this.calls.push({ path, authorization: String(metadata.get('authorization')[0] ?? ''), metadata, cancelled });
        try {
          const answer = run(call.request);
          if (answer) done(null, Buffer.from(answer));
        } catch (error) {
          const failure = ServiceError.from(error);
          const metadata = new Metadata();
          const { message, details } = encodeStatus(failure);
          if (details) metadata.set(DETAILS_KEY, Buffer.from(details));
          done({ code: failure.code, details: message, metadata });
        }
      },
    });
  }
}
