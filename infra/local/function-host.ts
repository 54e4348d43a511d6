import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Deployment, functionDefinition, ofType, propertiesOf } from './deployment.ts';
import { readEventSourceMapping, startEventSourceMapping } from './event-source-mapping.ts';
import { keepCode } from './function-code.ts';
import type { WriteLine } from './function-environment.ts';
import type { HttpRoute } from './http-routes.ts';
import { queueUrl } from './identities.ts';
import { localClient } from './local-client.ts';
import { LocalFunction } from './local-function.ts';
import { functionLine } from './log-lines.ts';
import { readSchedule, startSchedule } from './schedule.ts';
import { TemplateError } from './template.ts';

export interface FunctionHostOptions {
  readonly deployment: Deployment;
  /** Added to each function's own variables, and stronger than they are. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the code that runs is kept. */
  readonly codeFolder: string;
  readonly sqsEndpoint: string;
  /** Absent: each schedule's own. */
  readonly schedulePeriodMs?: number;
  readonly writeLine: WriteLine;
}

/** The functions of a deployment and what calls them: routes, queues, schedules. */
export interface FunctionHost {
  readonly routes: readonly HttpRoute<LocalFunction>[];
  /** Begins to consume queues and to count the schedules' time. */
  startTriggers(): void;
  /** Takes over what was built anew; gives the names of the functions that changed. */
  reload(): string[];
  stop(): Promise<void>;
}

/** How long a batch under way may take to end once the gateway is being stopped. */
const stopGraceMs = 3000;

/** Throws TemplateError for what it does not understand. */
export function createFunctionHost(options: FunctionHostOptions): FunctionHost {
  const { deployment, codeFolder, writeLine } = options;
  const sources = new Map<LocalFunction, string>();
  const byArn = new Map<string, LocalFunction>();
  for (const resource of ofType(deployment, 'AWS::Lambda::Function')) {
    const { source, ...definition } = functionDefinition(resource);
    const created = new LocalFunction(
      {
        ...definition,
        folder: keepCode(source, definition.name, codeFolder),
        variables: { ...definition.variables, ...options.variables },
      },
      (line) => {
        const readable = functionLine(definition.name, line);
        if (readable) writeLine(readable);
      },
    );
    sources.set(created, source);
    byArn.set(definition.arn, created);
  }
  const find = (arnOrName: string, user: string): LocalFunction => {
    const found =
      byArn.get(arnOrName) ?? byArn.get([...byArn.keys()].find((arn) => arn.endsWith(`:${arnOrName}`)) ?? '');
    if (found) return found;
    throw new TemplateError(`${user}: ${arnOrName} is no function of this template.`);
  };

  const client = new SQSClient(localClient(options.sqsEndpoint));
  const triggers = [...queueTriggers(options, client, find), ...scheduleTriggers(options, find)];
  let stops: (() => Promise<void>)[] = [];
  return {
    routes: readRoutes(deployment, find),
    startTriggers: () => {
      stops = triggers.map((start) => start());
    },
    reload: () =>
      [...sources].flatMap(([local, source]) => {
        const { name, folder } = local.definition;
        const rebuilt = keepCode(source, name, codeFolder);
        if (rebuilt === folder) return [];
        local.replaceCode(rebuilt);
        return [name];
      }),
    stop: async () => {
      const end = () => {
        for (const local of byArn.values()) local.stop();
      };
      const late = setTimeout(end, stopGraceMs);
      await Promise.all(stops.map((stop) => stop()));
      clearTimeout(late);
      end();
      client.destroy();
    },
  };
}

type FindFunction = (arnOrName: string, user: string) => LocalFunction;
/** Starts something that calls a function; gives what ends it. */
type Trigger = () => () => Promise<void>;

function queueTriggers(
  { deployment, sqsEndpoint, writeLine }: FunctionHostOptions,
  client: SQSClient,
  find: FindFunction,
): Trigger[] {
  return ofType(deployment, 'AWS::Lambda::EventSourceMapping').flatMap(({ logicalId, properties }) => {
    const mapping = readEventSourceMapping(logicalId, properties);
    const target = find(mapping.FunctionName, logicalId);
    const [, , service, , , queueName = ''] = mapping.EventSourceArn.split(':');
    if (service !== 'sqs') {
      throw new TemplateError(`${logicalId}: only queues are supported as event sources on this machine.`);
    }
    if (!mapping.Enabled) return [];
    const source = { client, queueUrl: queueUrl(sqsEndpoint, queueName) };
    return () => {
      const consumer = startEventSourceMapping(mapping, target, source, (line) =>
        writeLine(`${target.definition.name} ${line}`),
      );
      return () => consumer.stop();
    };
  });
}

function scheduleTriggers(
  { deployment, schedulePeriodMs, writeLine }: FunctionHostOptions,
  find: FindFunction,
): Trigger[] {
  return ofType(deployment, 'AWS::Events::Rule', 'AWS::Scheduler::Schedule').flatMap(
    ({ logicalId, type, properties }) => {
      const { enabled, everyMs, targets } = readSchedule(logicalId, type, properties);
      const callees = targets.map(({ arn, input }) => ({ callee: find(arn, logicalId), input }));
      if (!enabled) return [];
      return callees.map(
        ({ callee, input }) =>
          () =>
            startSchedule(schedulePeriodMs ?? everyMs, callee, input, (line) =>
              writeLine(`${callee.definition.name} ${line}`),
            ),
      );
    },
  );
}

const integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
const route = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.literal('NONE').default('NONE'),
});

function readRoutes(deployment: Deployment, find: FindFunction): HttpRoute<LocalFunction>[] {
  const integrations = new Map(
    ofType(deployment, 'AWS::ApiGatewayV2::Integration').map((resource) => [
      `integrations/${resource.logicalId}`,
      find(propertiesOf(resource, integration).IntegrationUri, resource.logicalId),
    ]),
  );
  return ofType(deployment, 'AWS::ApiGatewayV2::Route').map((resource) => {
    const { RouteKey, Target } = propertiesOf(resource, route);
    const target = integrations.get(Target);
    if (!target)
      throw new TemplateError(`${resource.logicalId}: ${Target} is no integration of this template.`);
    return { routeKey: RouteKey, target };
  });
}
