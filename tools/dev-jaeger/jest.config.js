import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'dev-jaeger', rootDir: import.meta.dirname };
