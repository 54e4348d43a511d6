import { execFileSync } from 'node:child_process';

/** The processes in which the gateway of this very process runs the functions of these names. */
export function functionProcesses(
  names: readonly string[],
): { readonly pid: number; readonly name: string }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 2 ** 25 })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, title] = /^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
      const name = title?.match(/--title=(\S+)/)?.[1] ?? title ?? '';
      return Number(parent) === process.pid && names.includes(name) ? [{ pid: Number(pid), name }] : [];
    });
}

/** As a crash of the machine under it: nothing that it was at is ended. Whether it still ran. */
export function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
