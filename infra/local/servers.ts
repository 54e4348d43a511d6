import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port is taken; the message says which, and what to do. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
}

/** Listens on 127.0.0.1 alone and gives the port. `setting` names the port in the message when it is taken. */
export function listen(server: Server, port = 0, setting?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE' && setting !== undefined;
      reject(taken ? portInUse(port, setting, cause) : cause);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

export function portInUse(port: number, setting: string, cause: Error): PortInUseError {
  return new PortInUseError(
    `Port ${port} is in use: stop what uses it, or choose another one with ${setting}=${port + 10} npm run dev`,
    { cause },
  );
}

/** Stops listening, lets running answers end for at most `graceMs`, then drops the connections. */
export async function close(server: Server, graceMs = 0): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const drop = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(drop);
}
