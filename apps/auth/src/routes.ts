/** Paths as the public sees them: the gateway passes `/oauth2/**` and `/.well-known/**` on as they are. */
export const routes = {
  authorization: '/oauth2/auth',
  token: '/oauth2/token',
  jwks: '/oauth2/jwks',
  end_session: '/oauth2/session/end',
} as const;

export const interactionPath = (uid: string): string => `/oauth2/interaction/${encodeURIComponent(uid)}`;

const INTERACTION = /^\/oauth2\/interaction\/([A-Za-z0-9_-]+)$/;

/** The id in the path of a login or consent page; undefined for any other path. */
export const interactionOf = (path: string): string | undefined => INTERACTION.exec(path)?.[1];

const KNOWN: readonly RegExp[] = [/^\/oauth2\/(auth|token|jwks)$/, /^\/\.well-known\/[a-z-]+$/];

/** The route of a path, of which there are few, for spans and logs; undefined when there is none. */
export function routeOf(path: string): string | undefined {
  if (KNOWN.some((known) => known.test(path))) return path;
  return /^\/oauth2\/(auth|interaction)\/[^/]+$/.test(path) ? path.replace(/[^/]+$/, '{uid}') : undefined;
}
