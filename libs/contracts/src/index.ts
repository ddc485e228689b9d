export { type Commented, commentOf } from './comment-of.js';
export { type MethodPolicy, httpRule, methodPolicy, serviceName } from './method-policy.js';
export { descriptorSet, descriptorsOf, readDescriptorSet } from './descriptor-set.js';
export { allScopes, isOperatorScope, services } from './services.js';
