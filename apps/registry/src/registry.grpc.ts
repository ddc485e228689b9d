import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type ApproveContractRequest,
  type ApproveContractResponseSchema,
  type DeregisterInstanceRequest,
  type DeregisterInstanceResponseSchema,
  type DrainInstanceRequest,
  type DrainInstanceResponseSchema,
  type GetContractRequest,
  type GetContractResponseSchema,
  type HeartbeatInstanceRequest,
  type HeartbeatInstanceResponseSchema,
  type ListContractsRequest,
  type ListContractsResponseSchema,
  type ListInstancesRequest,
  type ListInstancesResponseSchema,
  type ListServicesRequest,
  type ListServicesResponseSchema,
  type RegisterInstanceRequest,
  type RegisterInstanceResponseSchema,
  RegistryService,
  type UndrainInstanceRequest,
  type UndrainInstanceResponseSchema,
  type WatchRequest,
} from '@trellis/contracts/registry/v1';
import { type Call, GrpcMethod, type StreamCall } from '@trellis/service-defaults';
import { Admission } from './announce/admission.js';
import { ContractGate } from './contract/contract-gate.js';
import { summaries } from './contract/contract-summary.js';
import { CredentialsFile } from './credentials/credentials-file.js';
import { listInstances, listServices } from './lists.js';
import { Operator } from './operator.js';
import { Registrar } from './announce/registrar.js';
import { Registry } from './registry.js';
import { Session, type SessionStream } from './announce/session.js';
import { watchOverGrpc } from './watch/watch-stream.js';

const { session, watch, getContract, ...methods } = RegistryService.method;

/**
 * The contract's methods, for requests of either protocol. Announcing, watching and contracts need a credential; the lists
 * are open; what an operator may do has been authorized before.
 */
@Controller()
export class RegistryGrpc {
  constructor(
    private readonly registry: Registry,
    private readonly credentials: CredentialsFile,
    private readonly admission: Admission,
    private readonly gate: ContractGate,
    private readonly registrar: Registrar,
    private readonly operator: Operator,
  ) {}

  @GrpcMethod(session)
  session(stream: SessionStream, call: StreamCall): void {
    const hold = (lost: (error: unknown) => void) => this.credentials.hold(authorizationOf(call), lost);
    new Session(stream, call, this.registry, this.admission, hold);
  }

  @GrpcMethod(watch)
  watch(stream: ServerWritableStream<WatchRequest, Uint8Array>, call: StreamCall): void {
    watchOverGrpc(stream, call, this.registry, (lost) => this.credentials.hold(authorizationOf(call), lost));
  }

  @GrpcMethod(getContract)
  async getContract({ hash }: GetContractRequest, call: Call): Promise<Answer<typeof GetContractResponseSchema>> {
    this.#grantOf(call);
    return { descriptorSet: this.registry.contract(hash) };
  }

  @GrpcMethod(methods.listServices)
  async listServices(_request: ListServicesRequest): Promise<Answer<typeof ListServicesResponseSchema>> {
    return listServices(this.registry.catalogue);
  }

  @GrpcMethod(methods.listInstances)
  async listInstances(request: ListInstancesRequest): Promise<Answer<typeof ListInstancesResponseSchema>> {
    return listInstances(this.registry.catalogue, request);
  }

  @GrpcMethod(methods.listContracts)
  async listContracts({ service }: ListContractsRequest): Promise<Answer<typeof ListContractsResponseSchema>> {
    const wanted = (instance: { readonly service: string }): boolean => service === '' || instance.service === service;
    return { contracts: summaries(this.registry.catalogue, this.gate, wanted) };
  }

  @GrpcMethod(methods.registerInstance)
  async registerInstance(
    request: RegisterInstanceRequest,
    call: Call,
  ): Promise<Answer<typeof RegisterInstanceResponseSchema>> {
    return this.registrar.register(request, this.#grantOf(call));
  }

  @GrpcMethod(methods.heartbeatInstance)
  async heartbeatInstance(
    request: HeartbeatInstanceRequest,
    call: Call,
  ): Promise<Answer<typeof HeartbeatInstanceResponseSchema>> {
    return this.registrar.heartbeat(request, this.#grantOf(call));
  }

  @GrpcMethod(methods.deregisterInstance)
  async deregisterInstance(
    request: DeregisterInstanceRequest,
    call: Call,
  ): Promise<Answer<typeof DeregisterInstanceResponseSchema>> {
    this.registrar.deregister(request, this.#grantOf(call));
    return {};
  }

  @GrpcMethod(methods.drainInstance)
  async drainInstance(request: DrainInstanceRequest, call: Call): Promise<Answer<typeof DrainInstanceResponseSchema>> {
    return this.operator.drain(request, true, nameOf(call));
  }

  @GrpcMethod(methods.undrainInstance)
  async undrainInstance(
    request: UndrainInstanceRequest,
    call: Call,
  ): Promise<Answer<typeof UndrainInstanceResponseSchema>> {
    return this.operator.drain(request, false, nameOf(call));
  }

  @GrpcMethod(methods.approveContract)
  async approveContract(
    { hash }: ApproveContractRequest,
    call: Call,
  ): Promise<Answer<typeof ApproveContractResponseSchema>> {
    return this.operator.approve(hash, nameOf(call));
  }

  #grantOf(call: Pick<Call, 'metadata'>) {
    return this.credentials.grantOf(authorizationOf(call));
  }
}

type Answer<Schema extends DescMessage> = MessageInitShape<Schema>;

const authorizationOf = ({ metadata }: Pick<Call, 'metadata'>): string | undefined =>
  metadata.get('authorization')[0]?.toString();

/** Of whoever changes something, for the log. */
const nameOf = ({ caller }: Pick<Call, 'caller'>): string => caller?.subject ?? '';
