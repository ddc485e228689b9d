import type { MessageInitShape } from '@bufbuild/protobuf';
import { ManualDirectory } from '@trellis/discovery/testing';
import { Controller, type DynamicModule, Inject, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import {
  BlogService,
  type CreatePostRequest,
  type CreatePostResponseSchema,
  type DeletePostResponseSchema,
  type GetPostRequest,
  type GetPostResponseSchema,
  type ListPostsResponseSchema,
  type UpdatePostResponseSchema,
} from '@trellis/contracts/blog/v1';
import { invalidArgument, notFound } from '@trellis/errors';
import { currentCall } from '@trellis/rpc';
import { type Call, requireUser } from './call.js';
import { GrpcMethod } from './grpc-method.js';
import { HealthChecks } from './health-checks.js';
import { ServiceIdentity } from './service-identity.js';

const UNKNOWN_FIELD = { field: 'update_mask', description: '"colour" is no field' };

/** What a test sees of the handlers, and how it holds one up. */
export class Probe {
  readonly directory = new ManualDirectory();
  /** Milliseconds that the service was willing to wait for the registry to list it. */
  patience: number | undefined;
  readonly seen: string[] = [];
  lastCall: Call | undefined;
  /** While set, GetPost waits for it. */
  hold: Promise<void> | undefined;
  /** While set, the registry has not listed the instance. */
  listed: Promise<void> | undefined;
  /** While set, the registry has not taken it out. */
  leaving: Promise<void> | undefined;
}

@Controller()
class BlogController {
  constructor(@Inject(Probe) private readonly probe: Probe) {}

  @GrpcMethod(BlogService.method.createPost)
  async createPost(request: CreatePostRequest, call: Call): Promise<MessageInitShape<typeof CreatePostResponseSchema>> {
    const authorId = requireUser(call);
    this.probe.seen.push('handler');
    this.probe.lastCall = call;
    return { post: { id: '1', title: request.title, content: request.content, authorId } };
  }

  @GrpcMethod(BlogService.method.getPost)
  async getPost({ id }: GetPostRequest, call: Call): Promise<MessageInitShape<typeof GetPostResponseSchema>> {
    this.probe.seen.push(`get ${id}`);
    this.probe.lastCall = call;
    await this.probe.hold;
    if (id === 'unknown') throw notFound('No such post');
    if (id === 'wordy') throw invalidArgument(Array.from({ length: 5_000 }, () => UNKNOWN_FIELD));
    if (id === 'broken') throw new Error('select failed: password=hunter2');
    return { post: { id, content: currentCall()?.token ?? '' } };
  }

  @GrpcMethod(BlogService.method.listPosts)
  async listPosts(): Promise<MessageInitShape<typeof ListPostsResponseSchema>> {
    return { posts: [] };
  }

  @GrpcMethod(BlogService.method.updatePost)
  async updatePost(): Promise<MessageInitShape<typeof UpdatePostResponseSchema>> {
    return {};
  }

  @GrpcMethod(BlogService.method.deletePost)
  async deletePost(): Promise<MessageInitShape<typeof DeletePostResponseSchema>> {
    return {};
  }
}

@Injectable()
class Storage implements OnModuleDestroy {
  constructor(
    @Inject(HealthChecks) health: HealthChecks,
    @Inject(Probe) private readonly probe: Probe,
    @Inject(ServiceIdentity) identity: ServiceIdentity,
  ) {
    health.add('storage', async () => undefined);
    void identity.listening.then(({ grpc }) => probe.seen.push(`listening ${grpc !== undefined}`));
  }

  onModuleDestroy(): void {
    this.probe.seen.push('storage closed');
  }
}

@Module({})
class BlogModule {}

/** A small service as an app would write it. */
export const blogModule = (probe: Probe): DynamicModule => ({
  module: BlogModule,
  controllers: [BlogController],
  providers: [{ provide: Probe, useValue: probe }, Storage],
});
