import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stackName } from '../stack-name.ts';
import { cloudFormationClient, findDeployTarget, NotReadyToDeployError } from './deploy-target.ts';
import { nextSteps, readOutputs } from './next-steps.ts';

const usage = `Deploys the gateway to your AWS account.

  npm run deploy [-- --stage <name>]

  --stage <name>   a gateway of its own beside the others, for example for tests
  --help           this text

It uses the credentials and region of the AWS CLI (AWS_PROFILE, AWS_REGION). A second run updates the gateway;
messages and secrets stay.`;

const root = resolve(import.meta.dirname, '../..');
const outputsFile = resolve(root, '.build/outputs.json');

/** Exit codes: 0 deployed, 1 something is missing or the deploy failed, 2 wrong arguments. */
process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) return 2;
  if (options.help) {
    console.log(usage);
    return 0;
  }
  try {
    const { region, accountId } = await findDeployTarget(cloudFormationClient(process.env));
    console.log(`Deploying ${options.stackName} to ${accountId ? `account ${accountId}, ` : ''}${region}.`);
    const failure = await runCdkDeploy(options, region);
    if (failure) {
      console.error(
        `\nThe deploy failed (${failure}). The reason stands above; run this command again once it is gone.`,
      );
      return 1;
    }
    const outputs = readOutputs(await readFile(outputsFile, 'utf8'), options.stackName);
    console.log(nextSteps(outputs, { region, stage: options.stage }));
    return 0;
  } catch (error) {
    if (!(error instanceof NotReadyToDeployError)) throw error;
    console.error(error.message);
    return 1;
  }
}

interface DeployOptions {
  readonly help: boolean;
  readonly stage: string;
  readonly stackName: string;
}

function readOptions(): DeployOptions | undefined {
  try {
    const { values } = parseArgs({
      options: { stage: { type: 'string', default: 'default' }, help: { type: 'boolean', default: false } },
    });
    return { help: values.help, stage: values.stage, stackName: stackName(values.stage) };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return undefined;
  }
}

/** Runs the CDK CLI with its own progress on the terminal. Returns how it failed, if it did. */
async function runCdkDeploy(options: DeployOptions, region: string): Promise<string | undefined> {
  await mkdir(resolve(root, '.build'), { recursive: true });
  const child = spawn(
    process.execPath,
    [
      createRequire(import.meta.url).resolve('aws-cdk/bin/cdk'),
      'deploy',
      options.stackName,
      '--context',
      `stage=${options.stage}`,
      // Every function has a role of its own, so each change of one would ask, also where nobody can answer.
      // What the roles may do is pinned by the template's tests.
      '--require-approval=never',
      `--outputs-file=${outputsFile}`,
      '--no-notices',
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        AWS_REGION: region,
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CDK_DISABLE_VERSION_CHECK: 'true',
      },
    },
  );
  const [code, signal] = await once(child, 'close');
  return code === 0 ? undefined : signal ? `signal ${signal}` : `exit code ${code}`;
}
