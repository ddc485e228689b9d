import type { DescService, MessageInitShape } from '@bufbuild/protobuf';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { Controller, type DynamicModule, Inject, Module } from '@nestjs/common';
import {
  RegistryService,
  type SessionRequest,
  type SessionResponseSchema,
  type WatchRequest,
  type WatchResponseSchema,
} from '@trellis/contracts/registry/v1';
import type { StreamCall } from './call.js';
import { GrpcMethod } from './grpc-method.js';

const { session, watch } = RegistryService.method;

/** The streams of the registry's contract, and nothing else of it. */
export const streams: DescService = { ...RegistryService, methods: [session, watch] };

type WatchStream = ServerWritableStream<WatchRequest, MessageInitShape<typeof WatchResponseSchema>>;

/** What a test sees of a stream's handler. */
export class RegistryProbe {
  stream: WatchStream | undefined;
  call: StreamCall | undefined;
  onWatch: () => void = () => undefined;
}

@Controller()
class RegistryController {
  constructor(@Inject(RegistryProbe) private readonly probe: RegistryProbe) {}

  @GrpcMethod(watch)
  async watch(stream: WatchStream, call: StreamCall): Promise<void> {
    this.probe.onWatch();
    Object.assign(this.probe, { stream, call });
  }

  @GrpcMethod(session)
  session(stream: ServerDuplexStream<SessionRequest, MessageInitShape<typeof SessionResponseSchema>>): void {
    stream.end();
  }
}

@Module({})
class RegistryModule {}

/** A small service with streams. */
export const registryModule = (probe: RegistryProbe): DynamicModule => ({
  module: RegistryModule,
  controllers: [RegistryController],
  providers: [{ provide: RegistryProbe, useValue: probe }],
});
