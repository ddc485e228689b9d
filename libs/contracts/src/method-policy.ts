import { type DescMethod, type DescService, getOption } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { http } from './gen/google/api/annotations_pb.js';
import type { HttpRule } from './gen/google/api/http_pb.js';
import { callers, public$, scopes, service_name } from './gen/trellis/v1/options_pb.js';

/** Who may call a method and whether the call may be repeated, as its contract says. */
export interface MethodPolicy {
  /** Callable without a token. */
  readonly public: boolean;
  /** OAuth scopes that the token must hold, all of them. */
  readonly scopes: readonly string[];
  /** Services that alone may call it; empty when anybody with the scopes may. */
  readonly callers: readonly string[];
  /** NO_SIDE_EFFECTS or IDEMPOTENT: a call whose outcome is unknown may be sent again. */
  readonly repeatable: boolean;
}

/** Works on generated descriptors and on those read back from an announced descriptor set alike. */
export function methodPolicy(method: DescMethod): MethodPolicy {
  const { NO_SIDE_EFFECTS, IDEMPOTENT } = MethodOptions_IdempotencyLevel;
  return {
    public: getOption(method, public$),
    scopes: getOption(method, scopes),
    callers: getOption(method, callers),
    repeatable: method.idempotency === NO_SIDE_EFFECTS || method.idempotency === IDEMPOTENT,
  };
}

/** The REST form of a method, or undefined when it has none. */
export function httpRule(method: DescMethod): HttpRule | undefined {
  const rule = getOption(method, http);
  return rule.pattern.case === undefined ? undefined : rule;
}

/** The name under which the service's instances register. */
export function serviceName(service: DescService): string {
  return getOption(service, service_name);
}
