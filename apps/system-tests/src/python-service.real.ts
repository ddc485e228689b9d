import { describe } from '@jest/globals';
import { plainServiceStory } from './plain-service-story.js';

describe('a service in plain Python, registered with plain requests', () => {
  plainServiceStory('python3', 'plain_service.py');
});
