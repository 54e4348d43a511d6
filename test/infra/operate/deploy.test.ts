import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

// One of them runs a whole synthesis.
vi.setConfig({ testTimeout: 60_000 });

/** Without credentials anywhere: no variables, no files, no instance role. */
const nobody = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

async function deploy(args: readonly string[] = [], variables: NodeJS.ProcessEnv = {}) {
  const env = { ...nobody, ...variables };
  const child = spawn(process.execPath, ['infra/operate/deploy.ts', ...args], { cwd: root, env });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number, stdout, stderr };
}

describe('npm run deploy', () => {
  it('says in plain words that there are no credentials, and exits 1', async () => {
    const { code, stdout, stderr } = await deploy();
    expect(stderr).toMatch(/^No AWS credentials were found/);
    expect(stderr).toContain('aws configure');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it('explains itself', async () => {
    expect(await deploy(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--stage'),
      stderr: '',
    });
  });

  it.each([['--nope'], ['--stage', 'a_b'], ['extra']])('refuses %s %s', async (...args) => {
    expect(await deploy(args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--stage'),
    });
  });

  it('hands over to the CDK CLI, and exits 1 when that fails', async () => {
    const aws = createServer((request, response) => {
      void text(request).then((body) => {
        const isBootstrapCheck = body.includes('StackName=CDKToolkit');
        response.writeHead(isBootstrapCheck ? 200 : 403, { 'content-type': 'text/xml' });
        response.end(isBootstrapCheck ? describeStacksAnswer : accessDeniedAnswer);
      });
    });
    aws.listen(0, '127.0.0.1');
    await once(aws, 'listening');
    const address = aws.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, stdout, stderr } = await deploy(['--stage', 'test', '--table', 'own'], {
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    }).finally(() => aws.close());
    expect(stdout).toContain('Deploying InstagramMessageGateway-test to account 123456789012, eu-central-1.');
    expect(stderr).toContain('The deploy failed (exit code 1).');
    expect(stdout).not.toContain('Deployed.');
    expect(code).toBe(1);
  });
});

it('bare cdk deploy synthesises, and comes as far as the missing account', async () => {
  const cdk = resolve(root, 'node_modules/aws-cdk/bin/cdk');
  const out = await mkdtemp(join(tmpdir(), 'cdk-deploy-'));
  const child = spawn(process.execPath, [cdk, 'deploy', '--output', out], { cwd: root, env: nobody });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  await rm(out, { recursive: true });
  expect(`${stdout}${stderr}`).toContain('Unable to resolve AWS account to use');
  expect(code).toBe(1);
});

const describeStacksAnswer = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeStacksResult><Stacks><member>
    <StackName>CDKToolkit</StackName>
    <StackId>arn:aws:cloudformation:eu-central-1:123456789012:stack/CDKToolkit/1</StackId>
    <CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
  </member></Stacks></DescribeStacksResult>
</DescribeStacksResponse>`;

const accessDeniedAnswer = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
  <Message>not authorized</Message></Error></ErrorResponse>`;
