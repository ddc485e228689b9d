import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'dev-kafka', rootDir: import.meta.dirname };
