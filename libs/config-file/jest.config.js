import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'config-file', rootDir: import.meta.dirname };
