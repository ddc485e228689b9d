export { type DevJaeger, type DevJaegerOptions, PortTaken, startDevJaeger } from './start-dev-jaeger.js';
