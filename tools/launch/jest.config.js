import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'launch', rootDir: import.meta.dirname };
