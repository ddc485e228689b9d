export type { Candidate, Picker, Strategy } from './strategy.js';
export { roundRobin } from './round-robin.js';
