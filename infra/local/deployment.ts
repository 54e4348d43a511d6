import { readFileSync } from 'node:fs';
import { basename, dirname, resolve as resolvePath } from 'node:path';
import * as z from 'zod';
import type { FunctionDefinition } from './function-environment.ts';
import { arn, type Endpoints, physicalName, referencesOf } from './identities.ts';
import { checkResourceTypes, ignoredTypes } from './resource-types.ts';
import { parseTemplate, resolve, TemplateError } from './template.ts';

/** A resource that is run, with its intrinsic functions resolved. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The physical name. */
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The folder with a function's code. */
  readonly codeFolder?: string;
}

export type Deployment = readonly DeployedResource[];

/** Reads a template for this machine. Throws TemplateError for what it does not understand. */
export function readDeployment(templateFile: string, endpoints: Endpoints, apiUrl: string): Deployment {
  const template = parseTemplate(readFileSync(templateFile, 'utf8'));
  checkResourceTypes(template);
  const references = referencesOf(template, endpoints, apiUrl);
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => !(Type in ignoredTypes))
    .map(([logicalId, resource]) => {
      const code = resource.Metadata['aws:asset:path'];
      return {
        logicalId,
        type: resource.Type,
        name: physicalName(logicalId, resource),
        properties: resolve(resource.Properties, references, logicalId) as Record<string, unknown>,
        ...(typeof code === 'string' && { codeFolder: resolvePath(dirname(templateFile), code) }),
      };
    });
}

export function ofType(deployment: Deployment, ...types: readonly string[]): Deployment {
  return deployment.filter(({ type }) => types.includes(type));
}

/** The properties of a resource, parsed. Throws TemplateError with the logical id. */
export function propertiesOf<Schema extends z.ZodType>(
  { logicalId, properties }: DeployedResource,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new TemplateError(`${logicalId}: ${z.prettifyError(parsed.error)}`);
}

const functionProperties = z.object({
  Handler: z.string(),
  MemorySize: z.coerce.number().default(128),
  Timeout: z.coerce.number().default(3),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
});

/** A function as it runs here, but for the folder that its code is run from. */
export function functionDefinition(
  resource: DeployedResource,
): Omit<FunctionDefinition, 'folder'> & { source: string } {
  const { Handler, MemorySize, Timeout, Environment } = propertiesOf(resource, functionProperties);
  if (!resource.codeFolder) {
    throw new TemplateError(`${resource.logicalId}: its Metadata names no code (aws:asset:path).`);
  }
  return {
    // The folder's name is what people call the function; the physical name is long.
    name: basename(resource.codeFolder),
    arn: arn('lambda', `function:${resource.name}`),
    handler: Handler,
    memoryMegabytes: MemorySize,
    timeoutMs: Timeout * 1000,
    variables: Environment?.Variables ?? {},
    source: resource.codeFolder,
  };
}
