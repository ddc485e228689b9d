export { type Person, clientToken, userToken } from './token.js';
