import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi as Api, CfnStage, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Access, defaultFunction, type FunctionName, routes } from '../../functions/routes.ts';
import type { GatewayFunction } from './gateway-function.ts';

/** Requests a second, and how many at once. All share the account's own limits (10,000 and 5,000). */
const throttles = {
  // Far above real load: Meta counts a 429 as a failed delivery, and switches off a webhook that fails.
  meta: { throttlingRateLimit: 2000, throttlingBurstLimit: 4000 },
  // Meta takes at most 100 sends a second of one account.
  send: { throttlingRateLimit: 100, throttlingBurstLimit: 100 },
  read: { throttlingRateLimit: 200, throttlingBurstLimit: 400 },
  admin: { throttlingRateLimit: 10, throttlingBurstLimit: 20 },
  anyone: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
} as const satisfies Record<Access, CfnStage.RouteSettingsProperty>;

/**
 * One line a request. Never the path or query, which hold the verify token and customers' ids, and no address
 * of the caller: the request id leads to the function's own log line.
 */
const accessLogFields = {
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  responseLatency: '$context.responseLatency',
  integrationErrorMessage: '$context.integrationErrorMessage',
};

export interface HttpApiProps {
  /** Every function that a route names. */
  readonly functions: readonly GatewayFunction[];
}

/** The public address: the routes of functions/routes.ts, and `$default` for every other path and method. */
export class HttpApi extends Construct {
  /** `https://…`, without a slash at its end. */
  readonly url: string;
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, { functions }: HttpApiProps) {
    super(scope, id);
    const integrations = new Map(
      functions.map(({ name, function: handler }) => [name, new HttpLambdaIntegration(name, handler)]),
    );
    const integrationOf = (name: FunctionName): HttpLambdaIntegration => {
      const integration = integrations.get(name);
      if (!integration) throw new Error(`A route names ${name}, which the HTTP API was not given.`);
      return integration;
    };

    // No CORS: the inbox is served from this very origin, and a key has no place in another site's page.
    const api = new Api(this, 'Api', {
      apiName: Stack.of(this).stackName,
      createDefaultStage: false,
      defaultIntegration: integrationOf(defaultFunction),
    });
    const apiRoutes = routes.flatMap((route) =>
      api.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration: integrationOf(route.function),
      }),
    );

    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Without the `:*` that the log group's own ARN ends with: API Gateway drops it, and would seem to have drifted.
    const accessLogArn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.accessLog.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const stage = new CfnStage(this, 'Stage', {
      apiId: api.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLogArn, format: JSON.stringify(accessLogFields) },
      defaultRouteSettings: throttles.anyone,
      // CloudFormation passes this object on as it is, hence the capitals.
      routeSettings: Object.fromEntries(
        routes.map(({ method, path, access }) => [
          `${method} ${path}`,
          {
            ThrottlingRateLimit: throttles[access].throttlingRateLimit,
            ThrottlingBurstLimit: throttles[access].throttlingBurstLimit,
          },
        ]),
      ),
    });
    // A stage that names a route before it exists is refused.
    for (const route of apiRoutes) stage.node.addDependency(route);

    this.url = api.apiEndpoint;
  }
}
