import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** An event of HTTP API payload 2.0 for `GET /path` or `POST /path`. */
export function httpEvent(
  routeKey: string,
  request: {
    readonly headers?: Record<string, string>;
    readonly query?: Record<string, string>;
    readonly path?: Record<string, string>;
    readonly body?: string;
    readonly isBase64Encoded?: boolean;
    readonly rawPath?: string;
    readonly method?: string;
  } = {},
): APIGatewayProxyEventV2 {
  const [method = 'GET', path = '/'] = routeKey === '$default' ? [request.method] : routeKey.split(' ');
  const rawPath = request.rawPath ?? path;
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: '',
    headers: request.headers ?? {},
    ...(request.query && { queryStringParameters: request.query }),
    ...(request.path && { pathParameters: request.path }),
    ...(request.body !== undefined && { body: request.body }),
    isBase64Encoded: request.isBase64Encoded ?? false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '09/Oct/2025:08:53:20 +0000',
      timeEpoch: 1760000000500,
    },
  };
}

export const lambdaContext = {
  awsRequestId: 'invocation-1',
  getRemainingTimeInMillis: () => 28_000,
} as Context;
