export { Compose, type Run, run } from './compose.js';
export { imageSizes } from './images.js';
export { type Project, publishedUrl, readProject, rolledOut } from './project.js';
export { rollOut } from './rollout.js';
export { makeSecrets } from './secrets.js';
