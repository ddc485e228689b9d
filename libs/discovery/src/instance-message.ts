import { type Instance as InstanceMessage, Protocol as WireProtocol, State } from '@trellis/contracts/registry/v1';
import type { Instance, InstanceState, Protocol } from './instance.js';

/** Share of an instance that says nothing about its weight. */
const ORDINARY_WEIGHT = 100;

const STATES: Record<State, InstanceState> = {
  [State.UNSPECIFIED]: 'NOT_SERVING', // a state of a newer registry: nothing that we may call
  [State.SERVING]: 'SERVING',
  [State.NOT_SERVING]: 'NOT_SERVING',
  [State.DRAINING]: 'DRAINING',
  [State.SUSPECT]: 'SUSPECT',
  [State.PENDING]: 'PENDING',
};

const PROTOCOLS: Record<Protocol, WireProtocol> = { grpc: WireProtocol.GRPC, http: WireProtocol.HTTP };

export const stateNumber = (state: InstanceState): State => State[state];

export const protocolNumber = (protocol: Protocol): WireProtocol => PROTOCOLS[protocol];

export function readInstance(message: InstanceMessage): Instance {
  return {
    id: message.id,
    service: message.service,
    version: message.version,
    address: message.address,
    protocol: message.protocol === WireProtocol.HTTP ? 'http' : 'grpc',
    state: STATES[message.state] ?? 'NOT_SERVING',
    zone: message.zone,
    weight: message.weight || ORDINARY_WEIGHT,
    metadata: { ...message.metadata },
    contractHash: message.contractHash,
    grpcServices: [...message.grpcServices],
    grpcMethods: [...message.grpcMethods],
    tags: [...message.tags],
  };
}
