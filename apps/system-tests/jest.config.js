import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'system-tests', rootDir: import.meta.dirname };
