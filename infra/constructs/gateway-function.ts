import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/routes.ts';
import type { FunctionVariable } from '../../shared/runtime/environment.ts';
import { functionBundle } from '../build-functions.ts';

export interface GatewayFunctionProps {
  /** The folder under functions/. */
  readonly name: FunctionName;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment?: FunctionEnvironment;
}

export type FunctionEnvironment = Partial<Record<FunctionVariable, string>>;

/**
 * A Lambda function with the team's defaults:
 *
 * - Node.js 24 on arm64, which costs a fifth less than x86;
 * - memory and timeout are always stated; no concurrency is reserved (a new account may have ten in all);
 * - a role of its own that may write to the function's own log group and, until a construct grants more,
 *   nothing else (AWS's managed policy would allow every log group);
 * - its own log group, kept a month, removed with the stack: logs hold no state;
 * - plain text log format: powertools already writes JSON, and Lambda's JSON format would wrap it again;
 * - no X-Ray: an HTTP API cannot start a trace, and the request id already links the logs;
 * - no source maps: see build-functions.ts.
 */
export class GatewayFunction extends Construct {
  readonly name: FunctionName;
  readonly function: LambdaFunction;
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id);
    this.name = props.name;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(functionBundle(props.name)),
      handler: 'index.handler',
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.#role,
      logGroup,
      loggingFormat: LoggingFormat.TEXT,
      environment: {
        ...props.environment,
        POWERTOOLS_SERVICE_NAME: props.name,
        POWERTOOLS_METRICS_NAMESPACE: Stack.of(this).stackName,
      },
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  }

  /** Tells the function where something is. A misspelt name does not compile. */
  setVariable(name: FunctionVariable, value: string): void {
    this.function.addEnvironment(name, value);
  }

  /** Grants exactly these actions on exactly these resources. */
  allow(actions: readonly string[], resourceArns: readonly string[]): void {
    this.#role.addToPolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resourceArns] }),
    );
  }
}
