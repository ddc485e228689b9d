import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Announcement } from '@trellis/discovery';
import { flushTelemetry } from '@trellis/telemetry';
import { type AdminPages, adminServer } from './admin-server.js';
import { Admission } from './admission.js';
import { Arrivals } from './arrivals.js';
import { type Connections, connect } from './connections.js';
import { GrpcServer, tameGrpcJs } from './grpc-server.js';
import { HealthChecks } from './health-checks.js';
import { drainHttp, listen } from './http-listener.js';
import { inheritedHttpSocket } from './inherited-socket.js';
import { nestLogger } from './nest-logger.js';
import { Readiness } from './readiness.js';
import { RethrowFilter } from './rethrow-filter.js';
import { type Addresses, ServiceIdentity } from './service-identity.js';
import { serviceModule } from './service-module.js';
import type { ServiceOptions } from './service-options.js';
import { watchHealth } from './watch-health.js';

/** A registry that is away for longer at the start does not keep the service from working. */
const LISTED_WITHIN_MS = 10_000;
/** And not even so long when the first attempt found no registry and peers are known from the disk. */
const LISTED_WITHIN_FROM_DISK_MS = 1_000;
/**
 * Nobody tells an instance that has left which watchers have heard of it. The registry reaches all of them within 100 ms, so
 * they are given somewhat longer, and longer still while calls come in; whoever calls even later is refused before his call
 * is read, which makes it safe for him to go elsewhere.
 */
const WATCHERS = { quietMs: 150, withinMs: 2_000 };
/** After the last call, for closing connections and sending the last spans. */
const CLOSE_WITHIN_MS = 1_500;

/** One service in this process, from its first port to its last answer. The process itself is `startService`'s. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #identity: ServiceIdentity;
  readonly #connections: Connections | undefined;
  readonly #module: DynamicModule;
  readonly #grpc: GrpcServer;
  readonly #admin: Server;
  readonly #readiness: Readiness;
  readonly #arrivals = new Arrivals();
  readonly #draining = new AbortController();
  #app: INestMicroservice | undefined;
  #http: Server | undefined;
  #announcement: Announcement | undefined;
  #pages: AdminPages = {};

  /** Throws StartupProblem. `connectTo` is for tests. */
  constructor(options: ServiceOptions, connectTo = connect) {
    const { name, config, logger, services = [] } = options;
    const { HOST: host, GRPC_PORT: port } = config;
    tameGrpcJs(logger);
    const identity = new ServiceIdentity(name, config);
    const basics = { identity, logger, health: new HealthChecks(logger) };
    if (options.standalone) {
      this.#module = serviceModule(basics, options.module(basics));
    } else {
      this.#connections = connectTo(options, identity);
      const { directory, rpc } = this.#connections;
      watchHealth(directory, basics.health);
      const platform = { ...basics, directory, rpc };
      this.#module = serviceModule(platform, options.module(platform));
    }
    this.#options = options;
    this.#identity = identity;
    const verifier = options.standalone ? options.verifier : this.#connections?.verifier;
    this.#readiness = new Readiness(basics.health);
    const admission = new Admission({ min: config.CONCURRENCY_LIMIT_MIN, max: config.CONCURRENCY_LIMIT_MAX, logger });
    const guards = { verifier, admission, arrivals: this.#arrivals, readiness: this.#readiness };
    this.#grpc = new GrpcServer({ services, host, port, logger, ...guards });
    this.#admin = adminServer({
      identity,
      logger,
      readiness: this.#readiness,
      setDrained: (drained) => this.#setDrained(drained),
      more: () => this.#pages,
    });
  }

  /** Opens the ports, announces them and takes calls. Throws StartupProblem for what the one who starts it can mend. */
  async open(): Promise<Addresses> {
    try {
      return await this.#open();
    } catch (error) {
      await this.#close(AbortSignal.abort());
      throw error;
    }
  }

  async #open(): Promise<Addresses> {
    const { config, logger, http } = this.#options;
    const host = config.HOST;
    const admin = await listen(this.#admin, { host, port: config.ADMIN_PORT, variable: 'ADMIN_PORT' });
    await this.#startNest();
    this.#http = this.#app && http?.server(this.#app, this.#draining.signal);
    if (this.#app) this.#pages = this.#options.admin?.(this.#app) ?? {};
    this.#http?.prependListener('request', (_request, response) => {
      this.#arrivals.note();
      // Whoever keeps connections open shall go elsewhere, and be told while his next request cannot cross with our closing.
      if (this.#readiness.leaves) response.setHeader('connection', 'close');
    });
    const fd = inheritedHttpSocket(config);
    const httpPort = http && this.#http && (await listen(this.#http, { host, ...http, fd }));
    const addresses = this.#reachedAt({ grpc: this.#grpc.boundPort, http: httpPort, admin });
    logger.info({ instance: this.#identity.instanceId, ...addresses }, 'bound to its ports');
    this.#identity.listensOn(addresses);
    const drained = config.START_DRAINED;
    this.#announcement = this.#connections?.announce(addresses, drained ? 'DRAINING' : 'SERVING');
    await this.#listed();
    if (this.#readiness.state === 'DRAINING') return addresses; // asked to end meanwhile
    this.#readiness.become(drained ? 'DRAINED' : 'SERVING');
    logger.info({ state: this.#readiness.state }, drained ? 'waits to be put into rotation' : 'takes calls');
    return addresses;
  }

  /**
   * Not healthy any more → out of the registry → watchers have heard of it → calls under way answered → all closed: within
   * DRAIN_TIMEOUT_MS and a little more.
   */
  async drain(): Promise<void> {
    const { config, logger } = this.#options;
    this.#readiness.become('DRAINING');
    logger.info({ state: this.#readiness.state }, 'leaves');
    const done = new AbortController();
    const late = sleep(config.DRAIN_TIMEOUT_MS + CLOSE_WITHIN_MS, 'late', { signal: done.signal }).catch(() => 'done');
    const steps = this.#close(AbortSignal.timeout(config.DRAIN_TIMEOUT_MS));
    if ((await Promise.race([steps, late])) === 'late') logger.warn({}, 'closing takes too long: ends without it');
    done.abort();
  }

  async #close(enough: AbortSignal): Promise<void> {
    if (this.#announcement) {
      this.#announcement.setState('DRAINING');
      await this.#announcement.leave();
      await this.#arrivals.quiet(WATCHERS.quietMs, AbortSignal.any([enough, AbortSignal.timeout(WATCHERS.withinMs)]));
    }
    this.#draining.abort();
    await Promise.all([this.#grpc.drain(enough), this.#http && drainHttp(this.#http, enough)]);
    await this.#app?.close();
    this.#connections?.close();
    await Promise.all([drainHttp(this.#admin, AbortSignal.abort()), flushTelemetry()]);
  }

  #setDrained(drained: boolean): void {
    if (!this.#readiness.setDrained(drained)) return;
    this.#announcement?.setState(drained ? 'DRAINING' : 'SERVING');
    this.#options.logger.info({ state: this.#readiness.state }, 'an operator has spoken');
  }

  async #startNest(): Promise<void> {
    this.#app = await NestFactory.createMicroservice<MicroserviceOptions>(this.#module, {
      strategy: this.#grpc,
      logger: nestLogger(this.#options.logger),
      abortOnError: false,
    });
    this.#app.useGlobalFilters(new RethrowFilter());
    await this.#app.listen();
  }

  #reachedAt(ports: Readonly<Record<'grpc' | 'http' | 'admin', number | undefined>>): Addresses {
    const open = Object.entries(ports).filter(([, port]) => port !== undefined);
    return Object.fromEntries(open.map(([name, port]) => [name, `${this.#identity.host}:${port}`]));
  }

  async #listed(): Promise<void> {
    const directory = this.#connections?.directory;
    await directory?.ready(LISTED_WITHIN_MS);
    const away = directory?.status().source === 'cache';
    try {
      await this.#announcement?.accepted(away ? LISTED_WITHIN_FROM_DISK_MS : LISTED_WITHIN_MS);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'not listed by the registry yet: goes on and keeps trying');
    }
  }
}
