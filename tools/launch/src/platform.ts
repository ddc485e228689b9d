import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessSpec } from './child.js';
import { inheritedEnv } from './config.js';
import { freePort } from './free-port.js';
import { LogFile } from './log-file.js';
import { addToList } from './process-list.js';
import { developmentToken } from './rollout/development-token.js';
import { Rollout, type RolloutOptions } from './rollout/rollout.js';
import { type Expected, smokeHttp } from './rollout/smoke.js';
import { SECRETS, prepareSecrets } from './secrets.js';
import { SharedSocket } from './shared-socket.js';
import { type ProcessStatus, Supervisor } from './supervisor.js';
import { DEFAULT_REPLICAS, type Ports, type TopologyInput, foundations, oneMore, services } from './topology.js';

export interface PlatformOptions {
  /** Data, logs and secrets. Must exist. */
  readonly folder: string;
  /** Public ports; 0 or absent takes a free one. */
  readonly gatewayPort?: number;
  readonly jaegerPort?: number;
  readonly replicas?: Readonly<Record<string, number>>;
  readonly logLevel?: string;
  /** How the services call one another: `CALL_POLICIES_FILE` of each. */
  readonly callPoliciesFile?: string;
  /** More variables for every process of a service. */
  readonly extra?: TopologyInput['extra'];
  /** Told what happens, a line at a time: starts, deaths, restarts. */
  readonly say?: (line: string) => void;
  /** Aborted: what runs by then is ended in order, and `startPlatform` rejects. It means nothing after the start. */
  readonly signal?: AbortSignal;
}

/** A running platform: the stand-ins and every service as processes of this machine. */
export interface Platform {
  readonly gatewayUrl: string;
  readonly jaegerUrl: string;
  readonly registryUrl: string;
  /** `host:port` of the registry's gRPC. */
  readonly registryGrpc: string;
  readonly clientsFile: string;
  /** The registry's: `addCredential` lets a process of another kind announce itself. */
  readonly credentialsFile: string;
  readonly folder: string;
  status(): ProcessStatus[];
  /**
   * Starts one more instance of a service, with more variables than the others have, such as SERVICE_VERSION. Its name is
   * its instance id and has to be new. It is kept running like the others, and ends with them or by `halt`.
   */
  startInstance(service: string, name: string, env?: Readonly<Record<string, string>>): Promise<ProcessStatus>;
  /** Sends a signal to one process by its name, such as "blog-1". */
  kill(name: string, signal: NodeJS.Signals): void;
  /** Ends one process, and leaves it ended until `resume`. */
  halt(name: string): Promise<void>;
  resume(name: string): Promise<void>;
  /**
   * Replaces instances by new ones of the build that is there now, one after the other and without a failed request. Rejects
   * when a new one is not ready in time or answers with faults; it is gone then, and the old one runs on.
   */
  rollout(options?: RolloutOptions): Promise<void>;
  /** Ends everything in order: the gateway first, the stand-ins last. */
  stop(): Promise<void>;
}

/** Longer than a service's own limit for draining (10 s), after which it is killed. */
const STOP_WITHIN_MS = 12_000;

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const say = options.say ?? (() => undefined);
  const logs = join(options.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const secrets = prepareSecrets(join(options.folder, SECRETS));
  const gatewaySocket = SharedSocket.bind(options.gatewayPort ?? 0);
  const ports = await takePorts(options, gatewaySocket.port);
  const input: TopologyInput = {
    ports,
    gatewaySocket,
    folder: options.folder,
    secrets,
    replicas: { ...DEFAULT_REPLICAS, ...options.replicas },
    inherited: inheritedEnv(),
    logLevel: options.logLevel ?? 'info',
    ...(options.callPoliciesFile !== undefined && { callPoliciesFile: options.callPoliciesFile }),
    ...(options.extra && { extra: options.extra }),
  };
  const supervisors: Supervisor[] = [];
  const arriving = new Set<Supervisor>();
  const listener = { say, started: (pid: number, name: string) => addToList(options.folder, pid, name) };
  const start = async (specs: ProcessSpec[]) => {
    options.signal?.throwIfAborted();
    const started = specs.map((spec) => new Supervisor(spec, new LogFile(join(logs, `${spec.name}.log`)), listener));
    supervisors.push(...started);
    const missing = new Set(specs.map(({ name }) => name));
    say(`Starting ${[...missing].join(', ')}`);
    return await Promise.all(
      started.map(async (supervisor) => {
        const message = await supervisor.start();
        missing.delete(supervisor.spec.name);
        const rest = missing.size === 0 ? '' : `, waiting for ${[...missing].join(', ')}`;
        say(`${supervisor.spec.name} is ready${rest}`);
        return message;
      }),
    );
  };
  const ending = new AbortController();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    ending.abort();
    return (stopped ??= stopInOrder(() => [...supervisors, ...arriving], gatewaySocket)); // a second signal would cut a process short while it drains
  };
  const abort = () => void stop(); // and whoever waits for one of them to be ready learns that it ended
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const [postgres] = await start(foundations(input));
    const url = postgres?.url ?? '';
    const databaseUrl = (database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
    await start(services(input, databaseUrl));
    const gatewayUrl = `http://localhost:${ports.gateway}`;
    await routesAreThere(gatewayUrl, options.signal);
    const tokenFor = developmentToken(gatewayUrl, secrets.clientsFile);
    const fleet = {
      supervisors,
      arriving,
      listener,
      entrance: ENTRANCE,
      tokenFor,
      stopWithinMs: STOP_WITHIN_MS,
      ending: ending.signal,
    };
    const rollout = new Rollout(fleet);
    return {
      gatewayUrl,
      jaegerUrl: `http://localhost:${ports.jaeger}`,
      registryUrl: `http://127.0.0.1:${ports.registryHttp}`,
      registryGrpc: `127.0.0.1:${ports.registryGrpc}`,
      clientsFile: secrets.clientsFile,
      credentialsFile: secrets.credentialsFile,
      folder: options.folder,
      status: () => supervisors.map((supervisor) => supervisor.status),
      startInstance: async (service, name, env) => {
        const spec = oneMore(input, databaseUrl, service, name, env);
        if (supervisors.some((one) => one.spec.name === name)) throw new Error(`There is a process ${name} already`);
        await start([spec]).catch((error: unknown) => {
          supervisors.splice(
            supervisors.findIndex((one) => one.spec.name === name),
            1,
          );
          throw error;
        });
        return find(supervisors, name).status;
      },
      kill: (name, signal) => find(supervisors, name).kill(signal),
      halt: (name) => find(supervisors, name).stop(STOP_WITHIN_MS),
      resume: async (name) => void (await find(supervisors, name).start()),
      rollout: (wanted = {}) => rollout.run(wanted),
      stop,
    };
  } catch (error) {
    await stop();
    options.signal?.throwIfAborted(); // then the failures of the processes are its consequence
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

async function takePorts(options: PlatformOptions, gateway: number): Promise<Ports> {
  const taken = new Set([gateway]);
  const take = async (wanted = 0): Promise<number> => {
    let port = wanted || (await freePort());
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    return port;
  };
  return {
    gateway,
    jaeger: await take(options.jaegerPort),
    postgres: await take(),
    kafka: await take(),
    otlp: await take(),
    registryGrpc: await take(),
    registryHttp: await take(),
  };
}

/** What the gateway answers when it has seen all services: 401 is a route's answer, 404 and 503 are not. */
const ENTRANCE: Expected = [
  ['/v1/posts', 401],
  ['/v1/users', 401],
  ['/.well-known/openid-configuration', 200],
];

/** Each process is ready for itself; the gateway has yet to see them. */
async function routesAreThere(gatewayUrl: string, signal: AbortSignal | undefined): Promise<void> {
  const end = Date.now() + 15_000;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await smokeHttp(gatewayUrl, ENTRANCE, signal);
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const LAYERS = [['gateway'], ['blog', 'user', 'auth'], ['registry'], ['dev-kafka', 'dev-jaeger', 'postgres']];

async function stopInOrder(all: () => readonly Supervisor[], gatewaySocket: SharedSocket): Promise<void> {
  for (const layer of LAYERS) {
    const those = all().filter(({ spec }) => layer.includes(spec.service));
    await Promise.all(those.map((one) => one.stop(STOP_WITHIN_MS)));
    if (layer.includes('gateway')) gatewaySocket.close(); // or whoever still comes would wait for nobody
  }
}

function find(supervisors: Supervisor[], name: string): Supervisor {
  const found = supervisors.find(({ spec }) => spec.name === name);
  if (!found) throw new Error(`No process ${name}. There are: ${supervisors.map(({ spec }) => spec.name).join(', ')}`);
  return found;
}
