import type { FunctionDefinition } from '../../infra/local/function-environment.ts';
import type { BenchGateway } from './bench-gateway.ts';
import { functionDefinitions } from './function-definitions.ts';

/** Gives this process the variables of a function, before its handler is imported here. */
export async function becomeFunction(gateway: BenchGateway, name: string): Promise<FunctionDefinition> {
  const definition = (await functionDefinitions(gateway, {})).get(name);
  if (!definition) throw new Error(`The stack has no function ${name}`);
  Object.assign(process.env, definition.variables, { AWS_LAMBDA_FUNCTION_NAME: name });
  return definition;
}

/** Bound once: bound anew for each call, each would hold the one before. */
const write = process.stdout.write.bind(process.stdout);

/** What a function writes to its log is made, and not shown. @param seen is given each line. */
export async function silently<T>(act: () => Promise<T>, seen?: (line: string) => void): Promise<T> {
  process.stdout.write = (line: string | Uint8Array) => {
    seen?.(line.toString());
    return true;
  };
  try {
    return await act();
  } finally {
    process.stdout.write = write;
  }
}

/** The context of an invocation with time enough. */
export const context = {
  awsRequestId: 'bench',
  functionName: 'bench',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 60_000,
} as never;
