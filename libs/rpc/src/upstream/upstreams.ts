import type { CallPolicies } from '../policy/call-policies.js';
import { policyOf } from '../policy/call-policy.js';
import type { Method } from './method.js';
import { httpMethodKey, takesGrpc, takesHttp } from './takes.js';
import { Upstream, type UpstreamOptions } from './upstream.js';

/** More services than any platform of ours has; the one that was met first is forgotten then. */
const MOST_SERVICES = 1_000;

/** Every service that this process calls, as it is met. */
export class Upstreams {
  #options: UpstreamOptions;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #unfollow: () => void;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#unfollow = options.directory.onChange((service) => this.#upstreams.get(service)?.changed());
    this.#meetThoseToAsk();
  }

  /** `/package.Service/Method` of a service. */
  grpc(service: string, path: string): Method {
    return this.#upstream(service).method(path, takesGrpc);
  }

  /** What a service answers over plain HTTP, of one version or of all. */
  http(service: string, version?: string): Method {
    return this.#upstream(service).method(httpMethodKey(version), takesHttp);
  }

  /** A method as it is prepared under its path, for another service. */
  sameOf(service: string, path: string): Method {
    return this.#upstream(service).method(path, path.startsWith('/') ? takesGrpc : takesHttp);
  }

  /** Other policies. Calls under way keep the upstream that they set out with. */
  use(policies: CallPolicies): void {
    const before = this.#options.policies;
    this.#options = { ...this.#options, policies };
    for (const [service, upstream] of this.#upstreams) {
      if (said(before, service) === said(policies, service)) continue;
      upstream.close();
      this.#upstreams.set(service, new Upstream(service, this.#options, upstream.counts));
    }
    this.#meetThoseToAsk();
  }

  all(): Iterable<Upstream> {
    return this.#upstreams.values();
  }

  close(): void {
    this.#unfollow();
    for (const upstream of this.#upstreams.values()) upstream.close();
  }

  /** Services that are asked for their health begin to be when they are met: those that have an entry, before any call. */
  #meetThoseToAsk(): void {
    const { policies } = this.#options;
    for (const service of Object.keys(policies.services ?? {})) {
      if (policyOf(policies, service, '').health) this.#upstream(service);
    }
  }

  #upstream(service: string): Upstream {
    let upstream = this.#upstreams.get(service);
    if (!upstream) {
      const [oldest] = this.#upstreams.size >= MOST_SERVICES ? this.#upstreams.keys() : [];
      if (oldest !== undefined) this.#forget(oldest);
      upstream = new Upstream(service, this.#options);
      this.#upstreams.set(service, upstream);
    }
    return upstream;
  }

  #forget(service: string): void {
    this.#upstreams.get(service)?.close();
    this.#upstreams.delete(service);
  }
}

/** What policies say about a service, to be compared. */
const said = ({ defaults, services }: CallPolicies, service: string): string =>
  JSON.stringify([defaults, services?.[service]]);
