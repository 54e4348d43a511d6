import { build } from 'esbuild';
import type { FunctionName } from '../../functions/routes.ts';
import { bundleOptions } from '../../infra/build-functions.ts';

export interface BundlePart {
  /** A package of npm or a part of it, or a folder of ours. */
  readonly name: string;
  /** Of the minified bundle. */
  readonly bytes: number;
}

/** What a function's bundle is made of, the largest first. */
export async function bundleParts(name: FunctionName): Promise<BundlePart[]> {
  const { metafile } = await build({
    ...bundleOptions,
    entryPoints: [`functions/${name}/handler.ts`],
    outdir: '.',
    write: false,
    metafile: true,
  });
  const bytesOf = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const part = partOf(path);
      bytesOf.set(part, (bytesOf.get(part) ?? 0) + bytesInOutput);
    }
  }
  return [...bytesOf].map(([part, bytes]) => ({ name: part, bytes })).toSorted((a, b) => b.bytes - a.bytes);
}

/** The innermost package, of the SDK's large one a part of it; or two folders deep. */
function partOf(path: string): string {
  const [, packageName, submodule] =
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)(?:\/dist-es\/submodules\/([^/]+))?/.exec(path) ?? [];
  if (packageName === undefined) return path.split('/').slice(0, 2).join('/');
  return submodule === undefined ? packageName : `${packageName}/${submodule}`;
}
