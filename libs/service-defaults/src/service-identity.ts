import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { InstanceConfig } from './common-env.js';
import { StartupProblem } from './startup-problem.js';

/** Where an instance is reached, each as `host:port`; what it does not offer is absent. */
export interface Addresses {
  readonly grpc?: string;
  readonly http?: string;
  readonly admin?: string;
}

/** Who this process is. Injectable. */
export class ServiceIdentity {
  /** Name of the service, such as "blog". */
  readonly service: string;
  /** Unique among all instances of all services. */
  readonly instanceId: string;
  readonly version: string;
  readonly zone: string;
  /** Host under which others reach it. */
  readonly host: string;
  readonly startTime = new Date();
  /** Settles once every port is open, which is after Nest's bootstrap hooks. Pending for ever when the start fails. */
  readonly listening: Promise<Addresses>;
  /** Called once by whoever opens the ports. */
  readonly listensOn: (addresses: Addresses) => void;

  constructor(service: string, config: InstanceConfig) {
    this.service = service;
    this.instanceId = config.INSTANCE_ID ?? `${service}-${randomBytes(4).toString('hex')}`;
    this.version = config.SERVICE_VERSION;
    this.zone = config.ZONE;
    this.host = config.ADVERTISE_HOST ?? reachable(config.HOST);
    ({ promise: this.listening, resolve: this.listensOn } = Promise.withResolvers<Addresses>());
  }

  /** What the registry shows of itself; to what others announce, discovery adds the same. */
  get metadata(): Record<string, string> {
    return { pid: String(process.pid), start_time: this.startTime.toISOString() };
  }
}

/** A process that listens everywhere (as in a container) is reached at its address in the network. */
function reachable(bound: string): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound;
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const own = all.find(({ internal, family }) => !internal && family === 'IPv4');
  if (own) return own.address;
  throw new StartupProblem(
    `ADVERTISE_HOST is missing while HOST is ${bound} and this machine has no address in a network: set it to the host name under which other processes reach this one`,
  );
}
