import { isOperatorScope } from '@trellis/contracts';
import type { ApiRoute } from './api-route.js';
import type { Operation, SecurityScheme } from './document.js';
import { listOf, sentenceOf } from './words.js';

/** Where tokens come from. */
export interface TokenEndpoints {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
}

/** The ways to a token: a person's login, a program's own credentials, or one that is there already. */
export function securitySchemes(
  routes: readonly ApiRoute[],
  { authorizationUrl, tokenUrl }: TokenEndpoints,
): Record<string, SecurityScheme> {
  const users = new Map<string, Set<string>>();
  for (const { access, binding } of routes) {
    for (const scope of access.scopes) {
      users.set(scope, (users.get(scope) ?? new Set()).add(sentenceOf(binding.method.name).toLowerCase()));
    }
  }
  const scopes = [...users]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([scope, methods]) => [scope, `For: ${listOf([...methods])}.`] as const);
  const personal = scopes.filter(([scope]) => !isOperatorScope(scope));
  return {
    oauth2: {
      type: 'oauth2',
      description: 'A person logs in (authorization code with PKCE), or a program asks in its own name.',
      flows: {
        authorizationCode: { authorizationUrl, tokenUrl, scopes: Object.fromEntries(personal) },
        clientCredentials: { tokenUrl, scopes: Object.fromEntries(scopes) },
      },
    },
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'An access token that you have already.',
    },
  };
}

/** What one operation needs: nothing, or a token from either way. */
export function securityOf({ access }: ApiRoute): Operation['security'] {
  if (access.public) return [];
  return access.callers.length > 0 ? [{ bearer: [] }] : [{ oauth2: access.scopes }, { bearer: [] }];
}
