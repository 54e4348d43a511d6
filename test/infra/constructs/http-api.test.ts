import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFunction, routes } from '../../../functions/routes.ts';
import { functionsByName, type Resource, resources, synthesise } from '../synthesise.ts';

interface RouteSettings {
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
}

describe('HttpApi', () => {
  let template: Template;
  let stage: Resource;
  beforeAll(async () => {
    template = await synthesise();
    const [[, found] = []] = resources(template, 'AWS::ApiGatewayV2::Stage');
    if (!found) throw new Error('The template has no stage.');
    stage = found;
  });

  /** Route key → the name of the function behind it. */
  function served(): Record<string, string> {
    const functions = new Map(
      [...functionsByName(template)].map(([name, { logicalId }]) => [logicalId, name]),
    );
    const integrations = new Map(resources(template, 'AWS::ApiGatewayV2::Integration'));
    return Object.fromEntries(
      resources(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
        const [integrationId] = references(Properties.Target);
        const [functionId] = references(integrations.get(integrationId ?? '')?.Properties.IntegrationUri);
        return [String(Properties.RouteKey), functions.get(functionId ?? '') ?? 'no function'];
      }),
    );
  }

  it('serves the routes of functions/routes.ts and $default, each by its function', () => {
    const expected = routes.map((route) => [`${route.method} ${route.path}`, route.function] as const);
    expect(served()).toEqual(Object.fromEntries([...expected, ['$default', defaultFunction]]));
  });

  it('speaks payload 2.0, and grants no other site access', () => {
    for (const [, { Properties }] of resources(template, 'AWS::ApiGatewayV2::Integration')) {
      expect(Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    }
    const [[, api] = []] = resources(template, 'AWS::ApiGatewayV2::Api');
    expect(api?.Properties).toEqual({ Name: 'InstagramMessageGateway', ProtocolType: 'HTTP' });
  });

  // An HTTP API calls $default as <api>/<stage>/$default: a pattern of three parts would not match it.
  it('lets API Gateway call each function for its own routes, and for $default', () => {
    const paths = resources(template, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com')
      .map(([, { Properties }]) => {
        const { 'Fn::Join': join } = Properties.SourceArn as { 'Fn::Join': [string, unknown[]] };
        return join[1].at(-1);
      });
    expect(paths).toHaveLength(routes.length + 1);
    expect(new Set(paths)).toEqual(new Set(['/*/*', ...routes.map(({ path }) => `/*/*${path}`)]));
  });

  it('throttles every route, the webhook far above the rest', () => {
    const settings = stage.Properties.RouteSettings as Record<string, RouteSettings>;
    expect(Object.keys(settings)).toEqual(routes.map(({ method, path }) => `${method} ${path}`));
    const ofMeta = routes
      .filter(({ access }) => access === 'meta')
      .map(({ method, path }) => `${method} ${path}`);
    for (const key of ofMeta) {
      expect(settings[key]).toEqual({ ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 4000 });
    }
    const others = Object.entries(settings).filter(([key]) => !ofMeta.includes(key));
    for (const [, { ThrottlingRateLimit }] of others) expect(ThrottlingRateLimit).toBeLessThanOrEqual(200);
    expect(stage.Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 100,
      ThrottlingBurstLimit: 200,
    });
  });

  it('makes the stage after the routes that its settings name', () => {
    const routeIds = resources(template, 'AWS::ApiGatewayV2::Route')
      .filter(([, { Properties }]) => Properties.RouteKey !== '$default')
      .map(([id]) => id);
    expect(stage.DependsOn).toEqual(expect.arrayContaining(routeIds));
  });

  it('logs a request as JSON, without path, query or address', () => {
    const { Format, DestinationArn } = stage.Properties.AccessLogSettings as Record<string, string>;
    expect(JSON.parse(Format ?? '')).toEqual({
      requestId: '$context.requestId',
      routeKey: '$context.routeKey',
      status: '$context.status',
      responseLatency: '$context.responseLatency',
      integrationErrorMessage: '$context.integrationErrorMessage',
    });
    const logGroups = new Map(resources(template, 'AWS::Logs::LogGroup'));
    const [group] = references(DestinationArn).flatMap((id) => logGroups.get(id) ?? []);
    expect(group?.Properties).toEqual({ RetentionInDays: 30 });
    expect(JSON.stringify(DestinationArn)).not.toContain('*');
  });

  it('is served at the root, and deploys a change at once', () => {
    expect(stage.Properties).toMatchObject({ StageName: '$default', AutoDeploy: true });
  });
});

/** The logical ids that a value refers to. */
function references(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([\w:]+)"/g)].map(
    ([, id]) => id ?? '',
  );
}
