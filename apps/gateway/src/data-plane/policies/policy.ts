import type { MethodPolicy } from '@trellis/contracts';
import type { TokenVerifier } from '@trellis/security';
import type { AccessLog, Logger } from '@trellis/telemetry';
import type { z } from 'zod';
import type { Answer } from '../answer.js';
import type { Exchange } from '../exchange.js';

/** What a policy may want to know of a route when it prepares for it. */
export interface RouteFacts {
  /** What logs, metrics and traces call it: its name in the file, or its template. */
  readonly name: string;
  /** Tells it from every other route, and stays the same when the tables change: what it has of its own is kept under it. */
  readonly id: string;
  /** In capitals; `*` for any. */
  readonly httpMethod: string;
  /** Service behind it; undefined when the gateway answers itself, or when the path names the service. */
  readonly service: string | undefined;
  /** What the contract asks of callers; undefined where there is no contract. */
  readonly access: MethodPolicy | undefined;
}

/** What policies work with. */
export interface Tools {
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly accessLog: AccessLog;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /**
   * What outlives the tables of routes, such as the counts of a rate limit: made once for each key, and dropped when no
   * table asks for it any more.
   */
  readonly keep: <T>(key: string, make: () => T) => T;
}

/** `true` ends the way in: the answer is under way. */
export type Outcome = true | void;

/** A policy as one route has it. Every part is optional; each is called once for a request. */
export interface Step {
  /** On the way in. Refuses by throwing a ServiceError; true when it has answered the request itself. */
  request?(exchange: Exchange): Outcome | Promise<Outcome>;
  /** Before the answer's head goes out, whatever it is: may change its status and headers. Must not throw. */
  answer?(answer: Answer, exchange: Exchange): void;
  /** When all is over: the answer was sent, or the client has gone. Must not throw. */
  end?(exchange: Exchange): void;
  /**
   * Whether it answers what a browser asks before it sends a request to another origin. Such a question takes the route of
   * the method that it asks for if a step of it does so, and is an OPTIONS request as any other if none does.
   */
  readonly preflights?: true;
}

/** Where settings stand: `defaults` are shared by all routes, a route's own are its own. */
export type Scope = 'defaults' | 'route';

/**
 * One concern of the request path. To add one, write it in a file beside the others and name it in `pipeline.ts`: the
 * configuration file then takes its settings under its name, for all routes and for each.
 */
export interface Policy<Settings> {
  /** Its key in the configuration file. */
  readonly name: string;
  /**
   * What may stand there; `false` may too, and leaves the policy out, and `true` where `{}` may. What `describe` says of it
   * and of each of its keys is what editors show.
   */
  readonly settings: z.ZodType<Settings>;
  /**
   * What it does on one route; undefined when it has nothing to do there. Called when the table of routes is built, so
   * whatever can be computed beforehand is computed here. `settings` is undefined when nobody set any.
   */
  prepare(settings: Settings | undefined, route: RouteFacts, tools: Tools, scope: Scope): Step | undefined;
}

/** A policy that holds for a route, for people. */
export interface InForce {
  readonly name: string;
  /** Undefined when nobody set any. */
  readonly settings: unknown;
  readonly from: Scope;
}

/** The steps of one route, each kind in the order of its calls. */
export interface Pipeline {
  /** Those that have something to do here, in the order in which a request meets them. */
  readonly policies: readonly InForce[];
  readonly request: readonly ((exchange: Exchange) => Outcome | Promise<Outcome>)[];
  readonly answer: readonly ((answer: Answer, exchange: Exchange) => void)[];
  readonly end: readonly ((exchange: Exchange) => void)[];
  /** Whether one of them answers preflights. */
  readonly preflights: boolean;
}
