import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'resilience', rootDir: import.meta.dirname };
