import preset from '../../jest.preset.js';

export default { ...preset, displayName: 'transcoding', rootDir: import.meta.dirname };
