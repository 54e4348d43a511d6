import type { IncomingMessage, ServerResponse } from 'node:http';
import { createControlEvents } from './control-events.ts';
import type { ControlOptions } from './control-options.ts';
import { answerJson, ControlError, requireOwnCaller } from './control-request.ts';
import { controlRoutes } from './control-routes.ts';
import { NotTheirs } from './customers.ts';
import { createMedia, type HeldMedia, MediaRefused } from './media.ts';
import { pageFile } from './phone-page.ts';

export interface ControlApi {
  /** Whether the request is for the page or its API: then it is answered, otherwise it is Graph's. */
  readonly serve: (incoming: IncomingMessage, response: ServerResponse) => boolean;
  readonly stop: () => void;
}

/** The customer's phone: its page, its JSON API under `/simulator/`, and what customers uploaded. */
export function createControlApi(options: ControlOptions): ControlApi {
  const { world, deliveries } = options;
  const events = createControlEvents();
  const media = createMedia(world);
  const routes = controlRoutes(options, media);
  const stops = [deliveries.subscribe(events.changed), world.conversations.subscribe(events.changed)];

  async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    requireOwnCaller(request);
    const { method = '' } = request;
    const { pathname } = url;
    if (method === 'GET' && pathname.startsWith('/media/')) {
      return answerMedia(response, media.read(pathname.slice('/media/'.length)));
    }
    if (method === 'GET' && pathname === '/simulator/events') return events.open(response);
    const file = method === 'GET' ? await pageFile(pathname) : undefined;
    if (file) {
      response.writeHead(200, file.headers).end(file.content);
      return;
    }
    const path = pathname.replace('/simulator/', '');
    const [, id = ''] = /^deliveries\/([^/]+)/.exec(path) ?? [];
    const route = `${method} ${id === '' ? path : path.replace(id, '*')}`;
    const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (!handler) throw new ControlError(404, `The simulator has no ${method} ${pathname}.`);
    const body = await handler(request, url, id);
    if (method !== 'GET') events.changed();
    answerJson(response, 200, body);
  }

  return {
    serve(incoming, response) {
      const url = URL.parse(incoming.url ?? '/', 'http://simulator.invalid');
      if (!url || !isOwn(url, incoming)) {
        // A call to Graph may change what the phone shows, such as an ice breaker or a read receipt.
        if (incoming.method !== 'GET') response.once('finish', events.changed);
        return false;
      }
      answer(incoming, response, url).catch((error: unknown) => refuse(response, error));
      return true;
    },
    stop() {
      for (const stop of stops) stop();
      events.stop();
    },
  };
}

/** Graph's root takes several ids in its query, and a token: then it is not the page that is asked for. */
function isOwn({ pathname, search }: URL, { method, headers }: IncomingMessage): boolean {
  if (pathname !== '/') return /^\/(simulator|media)\//.test(pathname);
  return method === 'GET' && search === '' && headers.authorization === undefined;
}

/** Uploaded bytes are shown and played, and never run: neither guessed to be HTML nor given any rights. */
function answerMedia(response: ServerResponse, media: HeldMedia | 403 | 404): void {
  if (typeof media === 'number')
    throw new ControlError(media, 'The address expired, or nothing is held there.');
  response
    .writeHead(200, {
      'content-type': media.type,
      'content-length': media.bytes.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    .end(media.bytes);
}

function refuse(response: ServerResponse, error: unknown): void {
  answerJson(response, statusOf(error), { error: error instanceof Error ? error.message : String(error) });
}

function statusOf(error: unknown): number {
  if (error instanceof ControlError || error instanceof MediaRefused) return error.status;
  return error instanceof NotTheirs ? 400 : 500;
}
