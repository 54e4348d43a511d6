import { HttpError } from './http-error.ts';
import { type HttpHandler, publicHandler } from './public-handler.ts';

const unknownRoute = publicHandler(async ({ routeKey }) => {
  throw new HttpError(404, 'unknown_path', `This function does not answer ${routeKey}.`);
});

/** One function for routes that belong together, each with a handler of its own. */
export function byRoute(handlers: Readonly<Record<string, HttpHandler>>): HttpHandler {
  return (event, context) => (handlers[event.routeKey] ?? unknownRoute)(event, context);
}
