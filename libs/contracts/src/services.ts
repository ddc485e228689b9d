import type { DescService } from '@bufbuild/protobuf';
import { BlogService } from './gen/trellis/blog/v1/blog_service_pb.js';
import { RegistryService } from './gen/trellis/registry/v1/registry_service_pb.js';
import { UserService } from './gen/trellis/user/v1/user_service_pb.js';
import { methodPolicy } from './method-policy.js';

/** Every service of this repository. A new contract adds its line here. */
export const services: readonly DescService[] = [UserService, BlogService, RegistryService];

/** Every scope that a contract of this repository asks for, sorted. */
export function allScopes(): string[] {
  const methods = services.flatMap((service) => service.methods);
  return [...new Set(methods.flatMap((method) => methodPolicy(method).scopes))].sort();
}

/**
 * Whether a scope is for those who run the platform. It is named `something:admin`, and only a client that the operator has
 * marked may have it: no person's login, and no consent.
 */
export const isOperatorScope = (scope: string): boolean => scope.endsWith(':admin');
