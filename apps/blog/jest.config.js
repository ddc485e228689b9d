import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'blog', rootDir: import.meta.dirname };
