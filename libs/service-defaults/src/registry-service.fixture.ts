import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { Controller, type DynamicModule, Inject, Module } from '@nestjs/common';
import {
  type GetContractResponseSchema,
  type ListInstancesResponseSchema,
  type ListServicesResponseSchema,
  RegistryService,
  type SessionRequest,
  type SessionResponseSchema,
  type WatchRequest,
  type WatchResponseSchema,
} from '@trellis/contracts/registry/v1';
import type { StreamCall } from './call.js';
import { GrpcMethod } from './grpc-method.js';

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

  @GrpcMethod(RegistryService.method.watch)
  async watch(stream: WatchStream, call: StreamCall): Promise<void> {
    this.probe.onWatch();
    Object.assign(this.probe, { stream, call });
  }

  @GrpcMethod(RegistryService.method.session)
  session(stream: ServerDuplexStream<SessionRequest, MessageInitShape<typeof SessionResponseSchema>>): void {
    stream.end();
  }

  @GrpcMethod(RegistryService.method.getContract)
  async getContract(): Promise<MessageInitShape<typeof GetContractResponseSchema>> {
    return {};
  }

  @GrpcMethod(RegistryService.method.listServices)
  async listServices(): Promise<MessageInitShape<typeof ListServicesResponseSchema>> {
    return {};
  }

  @GrpcMethod(RegistryService.method.listInstances)
  async listInstances(): Promise<MessageInitShape<typeof ListInstancesResponseSchema>> {
    return {};
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
