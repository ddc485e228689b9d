import { describe } from '@jest/globals';
import { registryOutageStory } from './registry-outage.js';

/** `npm run test:real -- registry-outage` does the same for two minutes. */
const SECONDS = 20;

describe(`the registry is killed for ${SECONDS} s under load, and starts again empty`, () => {
  registryOutageStory(SECONDS);
});
