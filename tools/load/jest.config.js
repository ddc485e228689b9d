import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'load', rootDir: import.meta.dirname };
