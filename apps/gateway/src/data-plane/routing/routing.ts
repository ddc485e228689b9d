import type { Directory } from '@trellis/discovery';
import type { Rpc } from '@trellis/rpc';
import type { GatewayFile } from '../../file/gateway-file.js';
import { Edge } from '../edge/edge.js';
import type { Settings } from '../policies/pipeline.js';
import type { Tools } from '../policies/policy.js';
import type { OwnPage } from '../targets/own-page.js';
import { builtInRoutes } from './built-in-routes.js';
import { buildTable } from './build-table.js';
import { ContractFollower } from './contract-follower.js';
import { fileLayers } from './file-routes.js';
import { Kept } from './kept.js';
import type { RouteTable } from './route-table.js';

export interface RoutingOptions extends Omit<Tools, 'keep'> {
  readonly directory: Directory;
  readonly rpc: Rpc;
  /** What holds where neither the file nor a route says anything. */
  readonly builtIn: Settings;
  /** What the gateway answers itself. */
  readonly pages?: readonly OwnPage[];
  readonly file: GatewayFile;
}

/** When the file's routes that cannot be served are told of, though not every contract is known yet. */
const FIRST_LOOK_MS = 10_000;

/**
 * The table of routes, kept up to date with the contracts that are registered and with the configuration file. A change
 * builds a new table beside the old one and swaps it in.
 */
export class Routing {
  readonly #options: RoutingOptions;
  readonly #kept = new Kept();
  readonly #contracts: ContractFollower;
  #file: GatewayFile;
  #edge: Edge;
  #routed: ReadonlySet<string> = new Set();
  /** Problems of routes that were logged and are still there. */
  #told: ReadonlySet<string> = new Set();
  #table: RouteTable;

  constructor(options: RoutingOptions) {
    const { directory, logger, now } = options;
    this.#options = options;
    this.#file = options.file;
    this.#edge = new Edge(options.file);
    this.#contracts = new ContractFollower({
      directory,
      logger,
      now,
      onChange: (changed) => {
        this.#table = this.#build(this.#file, changed);
      },
    });
    this.#table = this.#build(this.#file, undefined);
  }

  get table(): RouteTable {
    return this.#table;
  }

  /** What the file says of those in front of the gateway. */
  get edge(): Edge {
    return this.#edge;
  }

  get file(): GatewayFile {
    return this.#file;
  }

  /** Whether everything that is registered is in the table. */
  get complete(): boolean {
    return this.#contracts.complete;
  }

  /** The same, waiting up to `withinMs` milliseconds for it. */
  learnt(withinMs: number): Promise<boolean> {
    return this.#contracts.learnt(withinMs);
  }

  /** Takes another configuration. Throws ContractError, and keeps the old one, when its routes contradict each other. */
  use(file: GatewayFile): void {
    this.#table = this.#build(file, undefined);
    this.#edge = new Edge(file);
    this.#file = file;
  }

  start(): void {
    this.#contracts.start();
    void this.#contracts.learnt(FIRST_LOOK_MS).then(() => this.#tell(this.#table));
  }

  stop(): void {
    this.#contracts.stop();
  }

  /** Called each second by itself once started. */
  sweep(): void {
    this.#contracts.sweep();
  }

  #build(file: GatewayFile, changed: string | undefined): RouteTable {
    const { builtIn, pages = [], rpc, directory, logger, accessLog, verifier, now, random } = this.#options;
    const tools: Tools = { logger, accessLog, verifier, now, random, keep: this.#kept.keep };
    const defaults = { ...builtIn, ...file.defaults };
    const contracts = this.#inOrder(changed);
    const layers = [
      ...fileLayers({ file, contracts, defaults, tools, rpc }),
      ...builtInRoutes({ defaults, tools, rpc, directory, pages, table: () => this.#table }),
    ];
    const complete = (): boolean => this.complete;
    const { contractHosts } = file;
    const { table, routed, leftOut } = buildTable({ contracts, layers, contractHosts, defaults, complete }, tools, rpc);
    for (const [service, error] of leftOut) {
      logger.error({ service, err: error }, 'routes left out: another service has one of them');
    }
    this.#routed = routed;
    this.#kept.settle();
    if (this.complete) this.#tell(table);
    return table;
  }

  /** A route of the file that does not go with the contract behind it is logged once. */
  #tell({ layers }: RouteTable): void {
    const problems = new Map<string, string>();
    for (const { facts, problem } of layers.flatMap(({ routes }) => routes)) {
      if (problem !== undefined) problems.set(`${facts.name}: ${problem}`, facts.name);
    }
    for (const [problem, route] of problems) {
      if (!this.#told.has(problem)) this.#options.logger.warn({ route, problem }, 'a route cannot be served now');
    }
    this.#told = new Set(problems.keys());
  }

  /**
   * The registry gives each route to one service. Should two claim one after all (a gateway remembers what a new registry
   * has not heard of), it stays with whom it was: a new contract comes after all that the table has already, and one
   * without instances after those with some.
   */
  #inOrder(changed: string | undefined) {
    const turn = ({ contract: { service }, present }: ContractFollower['contracts'][number]): number =>
      !present ? 3 : !this.#routed.has(service) ? 2 : service === changed ? 1 : 0;
    return this.#contracts.contracts.toSorted((a, b) => turn(a) - turn(b)).map(({ contract }) => contract);
  }
}
