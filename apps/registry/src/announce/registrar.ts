import { type MessageInitShape, create } from '@bufbuild/protobuf';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import {
  AnnounceSchema,
  type DeregisterInstanceRequest,
  type HeartbeatInstanceRequest,
  type HeartbeatInstanceResponseSchema,
  Protocol,
  type RegisterInstanceRequest,
  type RegisterInstanceResponseSchema,
  State,
} from '@trellis/contracts/registry/v1';
import { invalidArgument, notFound, permissionDenied } from '@trellis/errors';
import { parseAddress } from './address.js';
import type { Admission } from './admission.js';
import { Allowances } from '../limits/allowances.js';
import type { SessionId } from '../catalogue/command.js';
import type { Grant } from '../credentials/credentials.js';
import type { Registry } from '../registry.js';

/** Milliseconds. Three beats of the ordinary interval may get lost. */
const DEFAULT_TTL = 10_000;
/** Of one instance, as a session may send: a beat every second or so, with room for a nervous start. */
const PER_INSTANCE = { burst: 20, perSecond: 5 };

const STATES: Readonly<Record<string, State>> = {
  '': State.SERVING,
  serving: State.SERVING,
  not_serving: State.NOT_SERVING,
  draining: State.DRAINING,
};

/** Instances that hold no stream: they register, beat and leave with single requests, each with the service's credential. */
export class Registrar {
  readonly #registry: Registry;
  readonly #admission: Admission;
  readonly #instances = new Allowances(PER_INSTANCE);

  constructor(registry: Registry, admission: Admission) {
    this.#registry = registry;
    this.#admission = admission;
  }

  register(request: RegisterInstanceRequest, grant: Grant): MessageInitShape<typeof RegisterInstanceResponseSchema> {
    const { catalogue } = this.#registry;
    this.#spend(request, grant);
    this.#registry.limits.take(grant.service, 'announcements');
    const held = this.#registry.plainSession(request.id);
    const { instance, contract, pending } = this.#admission.admit(
      announcement(request, startOf(catalogue.find(request.id)?.metadata)),
      grant,
    );
    const lease = request.ttl ? durationMs(request.ttl) : DEFAULT_TTL;
    const session = held ?? this.#registry.newSession();
    this.#registry.apply({ kind: 'announce', session, instance, lease, pending, ...(contract && { contract }) });
    return {
      instance: catalogue.find(request.id),
      ttl: durationFromMs(lease),
      pending: [...catalogue.pending(request.id)],
    };
  }

  /** Throws NOT_FOUND when the instance is not listed: it has to register again. */
  heartbeat(request: HeartbeatInstanceRequest, grant: Grant): MessageInitShape<typeof HeartbeatInstanceResponseSchema> {
    this.#spend(request, grant);
    const session = this.#session(request);
    if (session === undefined) {
      throw notFound(`${request.id} is not listed: register it again`, { reason: 'NOT_LISTED' });
    }
    this.#registry.apply({ kind: 'beat', session, state: STATES[request.state] ?? State.SERVING });
    return { instance: this.#registry.catalogue.find(request.id) };
  }

  deregister(request: DeregisterInstanceRequest, grant: Grant): void {
    this.#spend(request, grant);
    const session = this.#session(request);
    if (session !== undefined) this.#registry.apply({ kind: 'leave', session });
  }

  #spend({ service, id }: { readonly service: string; readonly id: string }, grant: Grant): void {
    if (service !== grant.service) {
      throw permissionDenied(`This credential speaks for ${grant.service} and nothing else`, {
        reason: 'SERVICE_NOT_YOURS',
        metadata: { service },
      });
    }
    this.#registry.limits.take(service, 'messages');
    this.#instances.spend(`${service} ${id}`, this.#registry.now());
  }

  /** Undefined when the service has no such instance. */
  #session({ service, id }: { readonly service: string; readonly id: string }): SessionId | undefined {
    if (this.#registry.catalogue.find(id)?.service !== service) return undefined;
    return this.#registry.plainSession(id);
  }
}

/** The same over the whole life of an id, however often it registers again. */
const startOf = (metadata: Readonly<Record<string, string>> = {}): string =>
  metadata['start_time'] ?? new Date().toISOString();

function announcement(request: RegisterInstanceRequest, startTime: string) {
  const { service, id, version, zone, weight, tags, metadata, healthPath: path, descriptorSet, grpcServices } = request;
  const host = request.address.includes(':') ? `[${request.address}]` : request.address;
  const address = `${host}:${request.port}`;
  if (!parseAddress(address)) {
    throw invalidArgument([{ field: 'address', description: 'must be a host name or an IP address' }]);
  }
  return create(AnnounceSchema, {
    descriptorSet,
    instance: {
      ...{ service, id, version, address, zone, weight, tags, grpcServices },
      protocol: request.protocol === 'grpc' ? Protocol.GRPC : Protocol.HTTP,
      metadata: { start_time: startTime, ...metadata },
      ...(path && { probe: { path } }),
    },
  });
}
