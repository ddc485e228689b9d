/** Files that are good, each for what it shows. */
export const GOOD: Readonly<Record<string, string>> = {
  'sets nothing': '{}',
  'has a route of each kind': `
routes:
  - { path: '/post/{id}', methods: [GET], call: trellis.blog.v1.BlogService/GetPost, responseBody: post }
  - { path: /get_post, methods: [GET], call: trellis.blog.v1.BlogService/GetPost, parameters: { post_id: id } }
  - { path: /shop/**, service: shop, version: '1.0', stripPath: /shop, stripQuery: true }
  - { path: '/old/{rest=**}', redirect: { to: 'https://www.example.com/new/{rest}', status: 301 } }
  - { path: /, redirect: { to: /docs } }
`,
  'has conditions on headers and the query': `
routes:
  - { path: /items, service: next, headers: { X-Canary: 'yes' } }
  - { path: /items, service: mobile, headers: { user-agent: { like: '*Mobile*' } } }
  - { path: /items, service: old, query: { v: { oneOf: ['1', '2'] } } }
  - { path: /items, service: debug, query: { debug: { present: true } } }
  - { path: /items, service: shop }
`,
  'has the same path for several hosts and methods': `
routes:
  - { hosts: [a.example.com, '*.b.example.com'], path: /x, methods: [GET, PUT], service: one }
  - { hosts: [c.example.com], path: /x, methods: [GET], service: two }
  - { path: /x, methods: [GET], service: three }
  - { path: /x, service: four }
`,
  'has upstreams': `
upstreams:
  legacy:
    addresses: [10.0.0.1:8080, '[::1]:8080', legacy.internal:80]
    strategy: least-request
    connectTimeout: 1s
    readTimeout: 3s
    writeTimeout: 3s
    health: { path: /health, interval: 1s, timeout: 500ms, healthy: 1, unhealthy: 2 }
  blog: { strategy: round-robin, methods: { GetPost: { timeout: 1s } } }
`,
  'sets policies for all routes, and other ones for one': `
trusted: [10.0.0.0/8, '::1']
contractHosts: [api.example.com]
defaults: { timeout: 3s, maxBody: 64KiB }
routes: [{ path: /upload, service: files, timeout: 1m, maxBody: 10MiB, auth: { scopes: [files:write] }, servedBy: false }]
`,
  'switches policies on and off in a word': `
defaults: { servedBy: true, accessLog: true, compression: true, requestId: false }
routes: [{ path: /x, service: shop, auth: true, readOnly: true, compression: false }]
`,
};

/** One route, its target aside. */
const route = (rest: string): string => `routes:\n  - path: /x\n    ${rest.replaceAll('\n', '\n    ')}\n`;

/** Files with one mistake, and what is said of it. */
export const BAD: readonly (readonly [text: string, problem: string])[] = [
  ['rotues: []', ':1 rotues: no such key; possible here: $schema, contractHosts, defaults, '],
  ['routes: {}', ':1 routes: expected a list, not keys with values'],
  [route('servce: blog\nservice: blog'), ':3 routes.0.servce: no such key; possible here: accessLog, auth, body, '],
  [route('name: x'), ':2 routes.0: has no target: name one of call, service, redirect'],
  [route('service: a\ncall: a.B/C'), ':3 routes.0.service: a second target beside call: a route has exactly one'],
  [route('service: a\nredirect: { to: /y }'), ':4 routes.0.redirect: a second target beside service'],
  [route("call: a.B/C\nversion: '1'"), ':4 routes.0.version: means nothing without service'],
  [route('call: a.B/C\nstripQuery: true'), ':4 routes.0.stripQuery: means nothing without service'],
  [route('service: a\nbody: "*"'), ':4 routes.0.body: means nothing without call'],
  [route('redirect: { to: /y }\nparameters: { a: b }'), ':4 routes.0.parameters: means nothing without call'],
  [
    route('service: a\nversion: 1.0'),
    ':4 routes.0.version: expected text, and YAML reads this as a number: put it in quotes',
  ],
  [route('service: a b'), ':3 routes.0.service: no name: 1 to 64 letters, digits, dots, dashes and underscores'],
  [route('call: GetPost'), ':3 routes.0.call: no method: write it as trellis.blog.v1.BlogService/GetPost'],
  ['routes: [{ service: a }]', ':1 routes.0.path: is missing'],
  ['routes: [{ path: x, service: a }]', ':1 routes.0.path: a path begins with "/"'],
  ['routes: [{ path: "/{id", service: a }]', ':1 routes.0.path: Path template "/{id": "{id" must be a whole segment'],
  ['routes: [{ path: "/{a}/{a}", service: a }]', ':1 routes.0.path: Path template "/{a}/{a}": "a" stands in it twice'],
  ['routes: [{ path: /a/**/b, service: a }]', '"**" must be the last segment'],
  ['routes: [{ path: /a/../b, service: a }]', ':1 routes.0.path: no request has a path with . or .. in it'],
  ['routes: [{ path: /a/, service: a }]', ':1 routes.0.path: Path template "/a/": "" is no segment'],
  [route('service: a\nstripPath: /y'), ':4 routes.0.stripPath: /x does not begin with it'],
  ['routes: [{ path: "/{a}/b", service: a, stripPath: /a }]', ':1 routes.0.stripPath: /{a}/b does not begin with it'],
  [route('service: a\nstripPath: y'), ':4 routes.0.stripPath: no beginning of a path: write it as /shop'],
  [route('redirect: { to: "/{id}" }'), ':3 routes.0.redirect.to: the path has no variable {id}; it has none'],
  ['routes: [{ path: "/{a}", redirect: { to: "/{b}" } }]', 'the path has no variable {b}; it has a'],
  [route('redirect: { to: "/{a" }'), ':3 routes.0.redirect.to: has a brace without its other half'],
  [
    'routes: [{ path: "/{x}", redirect: { to: "https://{x}/" } }]',
    'write it as /path or https://host/path, with variables',
  ],
  [route('redirect: { to: "//evil.example" }'), ':3 routes.0.redirect.to: write it as /path or https://host/path'],
  [route('redirect: { to: "/a\\r\\nx: y" }'), ':3 routes.0.redirect.to: write it as /path or https://host/path'],
  [route('redirect: { to: "/a#b" }'), ':3 routes.0.redirect.to: the query of the request is added at its end'],
  [route('redirect: { to: /y, status: 200 }'), ':3 routes.0.redirect.status: expected one of 301, 302, 303, 307, 308'],
  [route('service: a\nmethods: [get]'), ':4 routes.0.methods.0: no HTTP method: write it in capitals, as GET'],
  [route('service: a\nmethods: [GETT]'), ':4 routes.0.methods.0: no HTTP method that could arrive'],
  [route('service: a\nmethods: [CONNECT]'), ':4 routes.0.methods.0: no HTTP method that could arrive'],
  [route('service: a\nmethods: []'), ':4 routes.0.methods: name at least one, or leave it out'],
  [route('service: a\nmethods: [GET, GET]'), ':4 routes.0.methods: one of them stands there twice'],
  [route('service: a\nhosts: [example.com:80]'), ':4 routes.0.hosts.0: no host: write it as api.example.com'],
  [route('service: a\nhosts: ["*"]'), ':4 routes.0.hosts.0: no host'],
  [route('service: a\nhosts: [a..b]'), ':4 routes.0.hosts.0: no host'],
  [route('service: a\nhosts: [bücher.example]'), 'in ASCII (xn--…)'],
  [route('service: a\nhosts: [A.example, a.example]'), ':4 routes.0.hosts: one of them stands there twice'],
  [route('service: a\nheaders: { "a b": c }'), ':4 routes.0.headers.a b: no name of a header'],
  [
    route('service: a\nheaders: { a: { pattern: x, like: x } }'),
    ':4 routes.0.headers.a.pattern: no such key; possible here: like',
  ],
  [
    route('service: a\nquery: { a: { like: x, present: true } }'),
    ':4 routes.0.query.a: name exactly one of like, oneOf and',
  ],
  [route('service: a\nquery: { a: {} }'), ':4 routes.0.query.a: name exactly one of like, oneOf and present'],
  [route('service: a\nquery: { page: 1 }'), ':4 routes.0.query.page: expected text, and YAML reads this as a number'],
  [route('service: a\ntimeout: soon'), ':4 routes.0.timeout: no duration: write it as 250ms, 2s or 1m'],
  [route('service: a\nauth: { scope: x }'), ':4 routes.0.auth.scope: no such key; possible here: '],
  ['defaults: { cors: true }', ':1 defaults.cors: expected false; or expected keys with values, not true or false'],
  ['defaults: { timeout: true }', ':1 defaults.timeout: no duration: write it as 250ms, 2s or 1m'],
  [
    'defaults: { servedBy: 1 }',
    ':1 defaults.servedBy: expected one of true, false; or expected keys with values, not a number',
  ],
  ['defaults: { maxBody: 1MB }', ':1 defaults.maxBody: no size: write it as 512KiB or 1MiB'],
  ['defaults: { hosts: [] }', ':1 defaults.hosts: no such key; possible here: '],
  ['trusted: [10.0.0.0/33]', ':1 trusted.0: no address or network: write it as 10.0.0.0/8'],
  ['contractHosts: api', ':1 contractHosts: expected a list, not text'],
  ['upstreams: { a b: {} }', ':1 upstreams.a b: no name'],
  [
    'upstreams: { a: { addresses: [10.0.0.1] } }',
    ':1 upstreams.a.addresses.0: no host:port: write it as 10.0.0.1:8080',
  ],
  ['upstreams: { a: { addresses: ["a:99999"] } }', ':1 upstreams.a.addresses.0: ports end at 65535'],
  ['upstreams: { a: { addresses: ["a:1", "a:1"] } }', ':1 upstreams.a.addresses: one of them stands there twice'],
  ['upstreams: { a: { strategy: magic } }', ':1 upstreams.a.strategy: expected one of random, round-robin, '],
  [
    'upstreams: { a: { health: { interval: 0s } } }',
    ':1 upstreams.a.health.interval: a duration is longer than nothing',
  ],
  ['upstreams: { a: { health: { path: health } } }', ':1 upstreams.a.health.path: no path: it begins with a slash'],
  ['upstreams: { a: { conectTimeout: 1s } }', ':1 upstreams.a.conectTimeout: no such key; possible here: addresses, '],
  [
    'routes:\n  - { path: "/{a}", service: a }\n  - { path: /b, service: b }\n  - { path: "/{c}", service: c }\n',
    ':4 routes.2: never gets a request: routes.0 takes * /* before it (see line 2)',
  ],
  [
    'routes:\n  - { path: /a, service: a, methods: [GET, POST] }\n  - { path: /a, service: b, methods: [PUT, POST] }\n',
    ':3 routes.1: never gets a request: routes.0 takes POST /a before it (see line 2)',
  ],
  [
    'routes:\n  - { hosts: [a.example, b.example], path: /a, service: a }\n  - { hosts: [B.example], path: /a, service: b }\n',
    ':3 routes.1: never gets a request: routes.0 takes * b.example/a before it (see line 2)',
  ],
  [
    "routes:\n  - { path: /a, service: a, headers: { A: '1', b: '2' } }\n  - { path: /a, service: b, headers: { b: '2', a: '1' } }\n",
    ':3 routes.1: never gets a request: routes.0 takes * /a when ',
  ],
];

/** What no JSON schema can say, because it depends on several places or on what text means. */
export const BEYOND_A_SCHEMA =
  /does not begin with it|has no variable|other half|never gets a request|stands in it twice|stands there twice|must be the last|must be a whole|is no segment|no request has a path|that could arrive|ports end|longer than nothing|query of the request/;
