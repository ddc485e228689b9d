import { describe } from '@jest/globals';
import { plainServiceStory } from './plain-service-story.js';

describe('a service on node:http alone, registered with plain requests', () => {
  plainServiceStory(process.execPath, 'plain-service.mjs');
});
