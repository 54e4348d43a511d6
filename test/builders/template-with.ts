import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

/** The product's template as this machine runs it, with what a deploy may be given. @param out an empty folder. */
export async function templateWith(
  out: string,
  {
    env = {},
    context = {},
  }: { readonly env?: Record<string, string>; readonly context?: Record<string, string> },
): Promise<string> {
  await promisify(execFile)(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      ...env,
      CDK_OUTDIR: out,
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({
        'aws:cdk:disable-asset-staging': true,
        'aws:cdk:enable-asset-metadata': true,
        ...context,
      }),
    },
  });
  return join(out, 'InstagramMessageGateway.template.json');
}
