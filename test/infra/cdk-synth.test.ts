import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { olderNode } from '../builders/older-node.ts';
import { inTemporaryFolder } from './synthesise.ts';

const root = resolve(import.meta.dirname, '../..');
const cdk = resolve(root, 'node_modules/aws-cdk/bin/cdk');
const run = promisify(execFile);

/** Runs `use` with an environment that has no account and no region, and returns how often it tried the network. */
async function offline(path: string | undefined, use: (env: NodeJS.ProcessEnv) => Promise<unknown>) {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 'none'}`;
  try {
    await use({ PATH: path, HOME: '/nonexistent', HTTP_PROXY: url, HTTPS_PROXY: url });
    return connections;
  } finally {
    proxy.close();
  }
}

describe('cdk synth, with nothing but cdk.json', () => {
  // Only Linux gets Node.js 24 along with the packages; elsewhere the system's own has to be new enough.
  it.runIf(process.platform === 'linux')(
    "runs where the system's Node.js is an older one, and for the CDK CLI as well",
    async () => {
      await inTemporaryFolder(async (out) => {
        const node = olderNode ?? process.execPath;
        const path = [dirname(node), '/usr/bin', '/bin'].join(delimiter);
        const connections = await offline(path, async (env) => {
          const args = [cdk, 'synth', '--quiet', '--output', out, '-vvv'];
          const { stdout, stderr } = await run(node, args, { cwd: root, env });
          // It is sent by a process that outlives the CLI, so its connection cannot be awaited.
          expect(stdout + stderr).toContain('Telemetry disabled');
        });
        expect(connections).toBe(0);
        expect(await readdir(out)).toContain('InstagramMessageGateway.template.json');
      });
    },
  );

  it('names the stack after the stage', async () => {
    await inTemporaryFolder(async (out) => {
      const args = [cdk, 'synth', '--quiet', '--output', out, '--context', 'stage=test'];
      await offline(process.env.PATH, (env) => run(process.execPath, args, { cwd: root, env }));
      const manifest: unknown = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
      expect(manifest).toMatchObject({ artifacts: { 'InstagramMessageGateway-test': {} } });
    });
  });

  it('runs without the CDK CLI too, into CDK_OUTDIR, and leaves the bundles where they are', async () => {
    await inTemporaryFolder(async (out) => {
      const context = { 'aws:cdk:disable-asset-staging': true, 'aws:cdk:enable-asset-metadata': true };
      const variables = {
        CDK_OUTDIR: out,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        CDK_VALIDATION: 'false',
      };
      await offline(process.env.PATH, (env) =>
        run(process.execPath, ['infra/app.ts'], { cwd: root, env: { ...env, ...variables } }),
      );
      const template = await readFile(join(out, 'InstagramMessageGateway.template.json'), 'utf8');
      expect(template).toContain(`"aws:asset:path": "${resolve(root, '.build/functions/store-events')}"`);
    });
  });
});
