import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'rpc', rootDir: import.meta.dirname };
