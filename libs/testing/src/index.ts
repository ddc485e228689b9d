export { eventually } from './eventually.js';
export { FaultProxy } from './fault-proxy.js';
export { ManualClock } from './manual-clock.js';
export { type Load, LoadReport, type Sample, openLoop } from './open-loop.js';
export { seededRandom } from './seeded-random.js';
export { type Simulation, simulate } from './simulate.js';
