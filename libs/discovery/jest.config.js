import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'discovery', rootDir: import.meta.dirname };
