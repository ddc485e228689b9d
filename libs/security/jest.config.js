import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'security', rootDir: import.meta.dirname };
