import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { vi } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { buildFunctions } from '../../infra/build-functions.ts';
import { type DeploySettings, deploySettings } from '../../infra/deploy-settings.ts';
import { GatewayStack } from '../../infra/gateway-stack.ts';

// A synthesis takes a second alone, and several where all tests run at once.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** What turns on everything that is off by default. */
export const allExtensions = {
  AUTO_REPLY: 'on',
  AUTO_REPLY_KEYWORDS: '[{ "words": ["price"], "reply": "See our page." }]',
  FORWARD_EVENTS_URL: 'https://hooks.shop.example/instagram',
};

export interface SynthesisOptions {
  readonly settings?: DeploySettings;
  readonly restoredTable?: string;
  /** As `cdk synth` does: a finding of cdk-nag or of the built-in validation throws. */
  readonly checked?: boolean;
}

/** Builds the functions and synthesises the stack with the context of cdk.json. */
export async function synthesise(options: SynthesisOptions = {}): Promise<Template> {
  return Template.fromJSON(JSON.parse(await synthesisedTemplate(options)));
}

/** The template's bytes. */
export async function synthesisedTemplate({
  settings,
  restoredTable,
  checked = false,
}: SynthesisOptions = {}): Promise<string> {
  await buildFunctions();
  return inTemporaryFolder(async (outdir) => {
    const app = new App({ context: cdkJson.context, outdir, builtinCloudFormationValidation: checked });
    new GatewayStack(app, 'InstagramMessageGateway', {
      settings: settings ?? deploySettings({}),
      ...(restoredTable && { restoredTable }),
    });
    if (checked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    return await readFile(join(outdir, 'InstagramMessageGateway.template.json'), 'utf8');
  });
}

export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** All resources of a type, by logical id. */
export function resources(template: Template, type: string): [logicalId: string, resource: Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

export interface LambdaFunction extends Resource {
  readonly logicalId: string;
  readonly Properties: Resource['Properties'] & {
    readonly Environment: { readonly Variables: Record<string, unknown> };
    readonly Timeout: number;
    readonly LoggingConfig: { readonly LogGroup: { readonly Ref: string } };
    readonly Role: { readonly 'Fn::GetAtt': readonly [logicalId: string, attribute: string] };
  };
}

/** All functions, by their name in functions/. */
export function functionsByName(template: Template): Map<string, LambdaFunction> {
  return new Map(
    (resources(template, 'AWS::Lambda::Function') as [string, LambdaFunction][]).map(
      ([logicalId, resource]) => [
        String(resource.Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME),
        { ...resource, logicalId },
      ],
    ),
  );
}
