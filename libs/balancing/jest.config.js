import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'balancing', rootDir: import.meta.dirname };
