import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'user', rootDir: import.meta.dirname };
