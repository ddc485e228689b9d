import { describe } from '@jest/globals';
import { registryOutageStory } from './registry-outage.js';

const SECONDS = 120;

describe(`the registry is killed for ${SECONDS} s under load, and starts again empty`, () => {
  registryOutageStory(SECONDS);
});
