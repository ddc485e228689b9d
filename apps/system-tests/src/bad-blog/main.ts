import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { BlogService } from '@trellis/contracts/blog/v1';
import { GrpcMethod, startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { config } from './config.js';

const { createPost, deletePost, getPost, listPosts, updatePost } = BlogService.method;

/** A version of blog that starts, is ready, has the right contract, and fails whatever it is asked. */
@Controller()
class BadBlogController {
  @GrpcMethod(createPost)
  createPost(): Promise<never> {
    return fail();
  }

  @GrpcMethod(deletePost)
  deletePost(): Promise<never> {
    return fail();
  }

  @GrpcMethod(getPost)
  getPost(): Promise<never> {
    return fail();
  }

  @GrpcMethod(listPosts)
  listPosts(): Promise<never> {
    return fail();
  }

  @GrpcMethod(updatePost)
  updatePost(): Promise<never> {
    return fail();
  }
}

const fail = (): Promise<never> => Promise.reject(new Error('a mistake that no type has caught'));

@Module({ controllers: [BadBlogController] })
class BadBlogModule {}

await startService({
  name: 'blog',
  module: () => BadBlogModule,
  services: [BlogService],
  config,
  logger: createLogger({ name: 'blog', level: config.LOG_LEVEL }),
});
