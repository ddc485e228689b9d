import { join } from 'node:path';

/** The checkout's root folder, from `tools/launch/src` and `tools/launch/dist` alike. */
export const root = join(import.meta.dirname, '../../..');

/** Compiled entry of an app or a tool. */
export const entryOf = (folder: string): string => join(root, folder, 'dist/main.js');
