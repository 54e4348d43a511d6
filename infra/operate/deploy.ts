import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { CommandFailed, runCommand } from './command.ts';
import { cloudFormationClient, findDeployTarget } from './deploy-target.ts';
import { ownTable, tableToDeploy } from './deployed-table.ts';
import { nextSteps, readOutputs } from './next-steps.ts';
import { stackOfStage } from './stage.ts';

const help = `Deploys the gateway to your AWS account.

  npm run deploy [-- --stage <name>] [--table <name>]

  --stage <name>   a gateway of its own beside the others, for example for tests
  --table <name>   use a table that was restored from a backup (docs/restore.md), "own" for the stack's own again;
                   what is not given stays as it was
  --help           this text

It uses the credentials and region of the AWS CLI (AWS_PROFILE, AWS_REGION). A second run updates the gateway;
messages and secrets stay.`;

const root = resolve(import.meta.dirname, '../..');
const outputsFile = resolve(root, '.build/outputs.json');

const flags = { stage: { type: 'string', default: 'default' }, table: { type: 'string' } } as const;

await runCommand(help, flags, async ({ stage, table: given }) => {
  const name = stackOfStage(stage);
  const client = cloudFormationClient(process.env);
  const { region, accountId } = await findDeployTarget(client);
  const table = await tableToDeploy(client, name, given);
  console.log(`Deploying ${name} to ${accountId ? `account ${accountId}, ` : ''}${region}.`);
  if (table) console.log(`It uses the restored table ${table}. Its own again: --table ${ownTable}`);
  const failure = await runCdkDeploy({ stage, stackName: name, ...(table && { table }) }, region);
  if (failure) {
    throw new CommandFailed(
      `\nThe deploy failed (${failure}). The reason stands above; run this command again once it is gone.`,
    );
  }
  console.log(nextSteps(readOutputs(await readFile(outputsFile, 'utf8'), name), { region, stage }));
  return 0;
});

interface DeployOptions {
  readonly stage: string;
  readonly stackName: string;
  readonly table?: string;
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
      ...(options.table ? ['--context', `tableName=${options.table}`] : []),
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
