export { type MethodPolicy, httpRule, methodPolicy, serviceName } from './method-policy.js';
export { descriptorSet, readDescriptorSet } from './descriptor-set.js';
export { allScopes, services } from './services.js';
