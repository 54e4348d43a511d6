/** How an HTTP API finds the route of a request, most specific first. */
export interface HttpRoute<Target> {
  /** `GET /path/{parameter}`, `ANY /path/{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly target: Target;
}

export interface RouteMatch<Target> {
  readonly route: HttpRoute<Target>;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Candidate<Target> extends RouteMatch<Target> {
  /** One digit a segment, 0 static, 1 parameter, 2 the rest; then 1 for ANY: the smallest text wins. */
  readonly rank: string;
}

/** `path` is the decoded one, and so are the parameters. */
export function matchRoute<Target>(
  routes: readonly HttpRoute<Target>[],
  method: string,
  path: string,
): RouteMatch<Target> | undefined {
  const [best] = routes
    .flatMap((route) => match(route, method, path) ?? [])
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  if (best) return best;
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return fallback && { route: fallback, pathParameters: {} };
}

function match<Target>(
  route: HttpRoute<Target>,
  method: string,
  path: string,
): Candidate<Target> | undefined {
  const [routeMethod, pattern] = route.routeKey.split(' ');
  if (!pattern || (routeMethod !== method && routeMethod !== 'ANY')) return undefined;
  const wanted = pattern.split('/');
  const given = path.split('/');
  const pathParameters: Record<string, string> = {};
  let rank = '';
  for (const [index, segment] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name?.endsWith('+')) {
      const rest = given.slice(index).join('/');
      if (!rest) return undefined;
      pathParameters[name.slice(0, -1)] = rest;
      return { route, pathParameters, rank: `${rank}2${routeMethod === 'ANY' ? 1 : 0}` };
    }
    const value = given[index];
    if (value === undefined || (name ? value === '' : value !== segment)) return undefined;
    if (name) pathParameters[name] = value;
    rank += name ? '1' : '0';
  }
  if (given.length !== wanted.length) return undefined;
  return { route, pathParameters, rank: `${rank}${routeMethod === 'ANY' ? 1 : 0}` };
}
