import { statSync } from 'node:fs';
import { userInfo } from 'node:os';

/**
 * As root in somebody's checkout, become that person, with that person's home and nothing of root's: what root creates
 * there, its owner could not replace, and what lies in root's home, its owner cannot read.
 *
 * @param {string} root the checkout
 */
export function becomeOwner(root) {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(root);
  if (uid === 0) return;
  process.setgroups([gid]);
  process.setgid(gid);
  process.setuid(uid);
  const ofRoot = Object.keys(process.env).filter((name) => /^(XDG_|npm_config_(cache|userconfig|prefix))/i.test(name));
  for (const name of ofRoot) delete process.env[name];
  const { username, homedir } = userInfo();
  Object.assign(process.env, { HOME: homedir, USER: username, LOGNAME: username });
}
