export { type MethodPolicy, httpRule, methodPolicy, serviceName } from './method-policy.js';
export { descriptorSet, readDescriptorSet } from './descriptor-set.js';
export { allScopes, isOperatorScope, services } from './services.js';
export {
  public$ as publicOption,
  scopes as scopesOption,
  service_name as serviceNameOption,
} from './gen/trellis/v1/options_pb.js';
