import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type GetContractRequest,
  type GetContractResponseSchema,
  type ListContractsRequest,
  type ListContractsResponseSchema,
  type ListInstancesRequest,
  type ListInstancesResponseSchema,
  type ListServicesRequest,
  type ListServicesResponseSchema,
  RegistryService,
  type WatchRequest,
  type WatchResponseSchema,
} from '@trellis/contracts/registry/v1';
import { unavailable } from '@trellis/errors';
import { type Call, GrpcMethod, type StreamCall } from '@trellis/service-defaults';
import { CredentialsFile } from './credentials-file.js';
import { listContracts, listInstances, listServices } from './lists.js';
import { Registry } from './registry.js';
import { Session, type SessionStream } from './session.js';

const { session, watch, getContract, ...methods } = RegistryService.method;

/** The contract's methods. Announcing, watching and contracts need a credential; the lists are open. */
@Controller()
export class RegistryGrpc {
  constructor(
    private readonly registry: Registry,
    private readonly credentials: CredentialsFile,
  ) {}

  @GrpcMethod(session)
  session(stream: SessionStream, call: StreamCall): void {
    new Session(stream, call, this.registry, () => this.#grantOf(call));
  }

  @GrpcMethod(watch)
  watch(
    stream: ServerWritableStream<WatchRequest, MessageInitShape<typeof WatchResponseSchema>>,
    call: StreamCall,
  ): void {
    const { service } = this.#grantOf(call);
    const unwatch = this.registry.watch(service, stream, stream.request.service || undefined);
    if (call.signal.aborted) unwatch();
    else call.signal.addEventListener('abort', unwatch, { once: true });
  }

  @GrpcMethod(getContract)
  async getContract(
    { hash }: GetContractRequest,
    call: Call,
  ): Promise<MessageInitShape<typeof GetContractResponseSchema>> {
    this.#grantOf(call);
    return { descriptorSet: this.registry.contract(hash) };
  }

  @GrpcMethod(methods.listServices)
  async listServices(_request: ListServicesRequest): Promise<MessageInitShape<typeof ListServicesResponseSchema>> {
    return listServices(this.registry.catalogue);
  }

  @GrpcMethod(methods.listInstances)
  async listInstances(request: ListInstancesRequest): Promise<MessageInitShape<typeof ListInstancesResponseSchema>> {
    return listInstances(this.registry.catalogue, request);
  }

  @GrpcMethod(methods.listContracts)
  async listContracts({
    service,
  }: ListContractsRequest): Promise<MessageInitShape<typeof ListContractsResponseSchema>> {
    return listContracts(this.registry.catalogue, service);
  }

  @GrpcMethod(methods.registerInstance)
  async registerInstance(): Promise<never> {
    throw notYet();
  }

  @GrpcMethod(methods.heartbeatInstance)
  async heartbeatInstance(): Promise<never> {
    throw notYet();
  }

  @GrpcMethod(methods.deregisterInstance)
  async deregisterInstance(): Promise<never> {
    throw notYet();
  }

  @GrpcMethod(methods.drainInstance)
  async drainInstance(): Promise<never> {
    throw notYet();
  }

  @GrpcMethod(methods.undrainInstance)
  async undrainInstance(): Promise<never> {
    throw notYet();
  }

  @GrpcMethod(methods.approveContract)
  async approveContract(): Promise<never> {
    throw notYet();
  }

  #grantOf({ metadata }: Pick<Call, 'metadata'>) {
    return this.credentials.grantOf(metadata.get('authorization')[0]?.toString());
  }
}

const notYet = () => unavailable('This registry cannot do that yet');
