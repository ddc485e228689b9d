/**
 * `node admin.mjs GET /readyz`, `node admin.mjs POST /drain`: asks the admin port of the service in this container, with no
 * shell and no curl. Exit code 0 when it says yes.
 */
const [method, path] = process.argv.slice(2);
const answer = await fetch(`http://127.0.0.1:${process.env.ADMIN_PORT}${path}`, { method }).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
