import type { ServerResponse } from 'node:http';

export interface ControlEvents {
  /** Tells every page that something changed; what, it asks for itself. */
  readonly changed: () => void;
  /** Keeps the answer open as a stream of Server-Sent Events. */
  open(response: ServerResponse): void;
  stop(): void;
}

/** Many changes in a burst become one event: a page asks for the state and not for each change. */
const gatherMs = 30;

export function createControlEvents(): ControlEvents {
  const streams = new Set<ServerResponse>();
  let gathering: NodeJS.Timeout | undefined;
  return {
    changed() {
      if (gathering || streams.size === 0) return;
      gathering = setTimeout(() => {
        gathering = undefined;
        for (const stream of streams) stream.write('event: change\ndata: {}\n\n');
      }, gatherMs);
    },
    open(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 1000\n\n');
      streams.add(response);
      response.once('close', () => streams.delete(response));
    },
    stop() {
      clearTimeout(gathering);
      for (const stream of streams) stream.end();
    },
  };
}
