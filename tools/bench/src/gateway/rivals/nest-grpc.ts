import 'reflect-metadata';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientGrpc, ClientsModule, Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { type Observable, map } from 'rxjs';
import { listening } from './listening.js';

/** The gateway that people write with NestJS, and nothing more: a controller over Fastify that calls ClientGrpc. */
const [address = ''] = process.argv.slice(2);

interface Time {
  readonly seconds: number;
  readonly nanos: number;
}
/** Named as in the proto file, which is how descriptors are loaded. */
interface PostMessage {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  readonly author_id: string;
  readonly etag: string;
  readonly create_time: Time;
  readonly update_time: Time;
}
interface Blog {
  createPost(request: { title: string; content: string }): Observable<{ post: PostMessage }>;
  getPost(request: { id: string }): Observable<{ post: PostMessage }>;
}

const date = ({ seconds, nanos }: Time): Date => new Date(seconds * 1000 + nanos / 1e6);
const shown = ({ post }: { post: PostMessage }) => ({
  id: post.id,
  title: post.title,
  content: post.content,
  authorId: post.author_id,
  etag: post.etag,
  createTime: date(post.create_time),
  updateTime: date(post.update_time),
});

@Controller('v1/posts')
class PostsController {
  readonly #blog: Blog;

  constructor(@Inject('blog') client: ClientGrpc) {
    this.#blog = client.getService<Blog>('BlogService');
  }

  @Post()
  @HttpCode(200)
  create(@Body() body: { title: string; content: string }) {
    return this.#blog.createPost(body).pipe(map(shown));
  }

  @Get(':id')
  get(@Param('id') id: string) {
    return this.#blog.getPost({ id }).pipe(map(shown));
  }
}

@Module({
  imports: [
    ClientsModule.register([
      {
        name: 'blog',
        transport: Transport.GRPC,
        options: {
          url: address,
          package: 'trellis.blog.v1',
          packageDefinition: loadFileDescriptorSetFromBuffer(Buffer.from(descriptorSet([BlogService])), {
            longs: Number,
          }),
        },
      },
    ]),
  ],
  controllers: [PostsController],
})
class NestGatewayModule {}

const app = await NestFactory.create<NestFastifyApplication>(NestGatewayModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(0, '127.0.0.1');
listening(await app.getUrl());
