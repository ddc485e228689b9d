import { setTimeout as sleep } from 'node:timers/promises';
import type { DescService, MessageInitShape } from '@bufbuild/protobuf';
import { Controller, type DynamicModule, Inject, Module } from '@nestjs/common';
import { BlogService, type GetPostResponseSchema } from '@trellis/contracts/blog/v1';
import { GrpcMethod } from './grpc-method.js';

const { getPost } = BlogService.method;

/** One method of the blog's contract. */
export const reading: DescService = { ...BlogService, methods: [getPost] };

/** Work for which there are so many places; who finds none waits. Bounded by what the server lets in. */
export class Work {
  readonly #waiting: (() => void)[] = [];
  #free: number;
  started = 0;
  /** The most that have waited at once. */
  longest = 0;

  constructor(
    places: number,
    private readonly ms: number,
  ) {
    this.#free = places;
  }

  async do(): Promise<void> {
    this.started += 1;
    if (this.#free > 0) this.#free -= 1;
    else {
      await new Promise<void>((resolve) => {
        this.longest = Math.max(this.longest, this.#waiting.push(resolve));
      });
    }
    await sleep(this.ms);
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}

@Controller()
class BusyController {
  constructor(@Inject(Work) private readonly work: Work) {}

  @GrpcMethod(getPost)
  async getPost(): Promise<MessageInitShape<typeof GetPostResponseSchema>> {
    await this.work.do();
    return {};
  }
}

@Module({})
class BusyModule {}

/** A small service that can do only so much. */
export const busyModule = (work: Work): DynamicModule => ({
  module: BusyModule,
  controllers: [BusyController],
  providers: [{ provide: Work, useValue: work }],
});
